BeforeDiscovery {
    . "$PSScriptRoot/Support.ps1"

    function Add-PublicType {
        # A type of ours, and all that its properties lead to.
        param([type]$Type, [Collections.Generic.HashSet[type]]$Known)

        foreach ($argument in $Type.GetGenericArguments()) { Add-PublicType $argument $Known }
        if ($Type.IsArray) { Add-PublicType $Type.GetElementType() $Known }
        if ($Type.Namespace -notlike 'NanoBanana*' -or $Type.IsEnum -or $Type.IsSubclassOf([exception]) -or -not $Known.Add($Type)) { return }
        foreach ($property in $Type.GetProperties()) { Add-PublicType $property.PropertyType $Known }
    }

    $emitted = [Collections.Generic.HashSet[type]]::new()
    $reached = [Collections.Generic.HashSet[type]]::new()
    foreach ($type in (Get-Command -Module NanoBanana.PowerShell -CommandType Cmdlet).OutputType.Type) {
        if ($type.Namespace -like 'NanoBanana*') { $null = $emitted.Add($type) }
        Add-PublicType $type $reached
    }
    $emittedNames = $emitted.FullName | Sort-Object
    $reachedNames = $reached.FullName | Sort-Object

    # One of each kind that a command gives or that a property leads to.
    $specimens = @(
        @{ Name = 'an image'; Get = { $edited } }
        @{ Name = 'a conversation'; Get = { $edited.Conversation } }
        @{ Name = 'a turn'; Get = { $edited.Conversation.Turns[1] } }
        @{ Name = 'a turn of the history'; Get = { (Get-NbHistory $edited)[1] } }
        @{ Name = 'bytes'; Get = { $edited.Data } }
        @{ Name = 'grounding'; Get = { $grounded.Grounding } }
        @{ Name = 'an anchor'; Get = { Get-NbAnchor fox } }
        @{ Name = 'a model'; Get = { Get-NbModel nb2 } }
        @{ Name = 'a template'; Get = { Get-NbPromptTemplate sticker } }
        @{ Name = 'a stored blob'; Get = { (Get-NbBlob $folder)[0] } }
        @{ Name = 'a batch'; Get = { Get-NbBatch $folder/batch } }
        @{ Name = 'an item'; Get = { (Get-NbBatch $folder/batch).Items[0] } }
        @{ Name = 'a stale item'; Get = { @(Get-NbBatch $folder/batch -Stale -Edition none)[0] } }
        @{ Name = 'a summary'; Get = { (Get-NbBatch $folder/batch).Summary } }
        @{ Name = 'what was spent'; Get = { @(Get-NbUsage $folder)[0] } }
        @{ Name = 'a cost'; Get = { 'a hen' | Measure-NbCost } }
        @{ Name = 'an emulator'; Get = { Get-NbEmulator } }
        @{ Name = 'a journal entry'; Get = { (Get-NbEmulator).Journal[0] } }
        @{ Name = 'a connection'; Get = { $connection } }
        @{ Name = 'tokens'; Get = { $edited.Usage } }
        @{ Name = 'a part'; Get = { $edited.Conversation.Turns[1].Parts[-1] } }
        @{ Name = 'where a turn is from'; Get = { $edited.Conversation.Turns[1].Provenance } }
        @{ Name = 'a picture'; Get = { (Get-NbAnchor fox).Pictures[0] } }
        @{ Name = 'prices'; Get = { (Get-NbModel nb2).Prices } }
        @{ Name = 'a price'; Get = { (Get-NbModel nb2).Prices.Images['1K'] } }
        @{ Name = 'a retirement'; Get = { (Get-NbModel nb2-3.1).Retirement } }
        @{ Name = 'a limit'; Get = { (Get-NbAnchor fox).Limits[0] } }
        @{ Name = 'a slot'; Get = { (Get-NbPromptTemplate sticker).Slots[0] } }
        @{ Name = 'a check'; Get = { $edited | Test-NbImage -Reference $image -Prompt 'a fox' -Text 'OPEN' } }
        @{ Name = 'drift'; Get = { @($edited | Measure-NbDrift)[-1] } }
        @{ Name = 'a bill'; Get = { (Get-NbEmulator).Statistics } }
    )

    [xml]$formats = Get-Content (Join-Path (Split-Path $modulePath) NanoBanana.PowerShell.Format.ps1xml)
    $tables = $formats.SelectNodes('//View[TableControl]').ForEach({
            $headers = @($_.TableControl.TableHeaders.TableColumnHeader)
            @{ Table = $_.Name; Widths = $headers.ForEach({ [int]($_.Width ?? "$($_.Label)".Length) }) }
        })
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $connection = Connect-NbService -Offline
    $image = New-NbImage "a fox`nin the snow" -AspectRatio 16:9
    $edited = $image
    foreach ($word in 'one', 'two', 'three', 'four') { $edited = $edited | Invoke-NbEdit $word }
    $image | Set-NbAnchor -Name fox -Description 'a red fox'
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive folder)).FullName
    $grounded = New-NbImage 'an owl' -Grounding web -Destination $folder
    'a hen' | Start-NbBatch -Destination $folder/batch -Wait | Out-Null
    $width = @{ Width = 130 }
}

Describe 'Views' {
    It 'show an image in a row that fits a narrow console' {
        $text = $image | Format-Table | Out-String -Width 80
        $text | Should -Match '1376x768 +\d+ KB +\$0\.0\d{3} +nano-banana-2\.1 +a fox'
    }

    It 'have table, list and wide for <_>' -ForEach $emittedNames {
        $kinds = (Get-FormatData -TypeName $_).FormatViewDefinition.Control.ForEach({ $_.GetType().Name })
        'TableControl', 'ListControl', 'WideControl' | Where-Object { $_ -notin $kinds } | Should -BeNullOrEmpty
    }

    # An object without a view takes the ones that follow it into a table of its own making.
    It 'exist for <_>, the type of a property' -ForEach $reachedNames {
        $type = ([appdomain]::CurrentDomain.GetAssemblies().ForEach({ $_.GetType($args[0]) }, $_) | Where-Object { $_ })[0]
        $found = for (; $type; $type = $type.BaseType) { Get-FormatData -TypeName $type.FullName }
        $found | Should -Not -BeNullOrEmpty
    }

    It 'show <Name> without a type''s name or a number too long to read, as <Kind>' -ForEach $(
        foreach ($specimen in $specimens) { foreach ($kind in 'Table', 'List', 'Wide') { $specimen + @{ Kind = $kind } } }
    ) {
        $text = & $Get | & "Format-$Kind" | Out-String @width
        $text | Should -Not -BeNullOrEmpty
        $text | Should -Not -Match 'NanoBanana(\.[A-Z]\w+){2}|System\.|\d\.\d{7}|`e'
    }

    # A header that does not fit is broken into two lines, or its column is left out.
    It 'show every header of <Table> in 80 columns' -ForEach $tables {
        ($Widths | Measure-Object -Sum).Sum + $Widths.Count - 1 | Should -BeLessOrEqual 80
    }

    It 'show <Name> among others without a type''s name, a raw number or a date of some culture' -ForEach $specimens {
        $text = [version]'1.0', (& $Get) | Out-String @width
        $text | Should -Not -Match 'NanoBanana(\.[A-Z]\w+){2}|System\.|\d\.\d{5}|\d\d/\d\d/\d{4}|: \d{5,}\r?\n|\d:\d\d:\d\d\.'
    }

    It 'show <Name> from another process, as <Kind>' -ForEach $(
        foreach ($specimen in $specimens) { foreach ($kind in 'Table', 'List') { $specimen + @{ Kind = $kind } } }
    ) {
        $back = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((& $Get)))
        $before = $Error.Count
        $text = $back | & "Format-$Kind" | Out-String @width
        $text | Should -Not -BeNullOrEmpty
        $text | Should -Not -Match 'NanoBanana(\.[A-Z]\w+){2}|System\.|\d\.\d{7}|#ERR'
        $Error.Count | Should -Be $before
    }

    It 'show every element of a list' {
        Get-NbPromptTemplate photorealistic | Format-List | Out-String @width | Should -Not -Match '…'
        Get-NbAnchor fox | Format-List | Out-String @width | Should -Not -Match '…'
    }

    It 'count with the right plural' {
        (Get-NbBatch $folder/batch).Summary | Should -BeLike '1 item: 1 up to date*'
        (Get-NbBatch $folder/batch).Summary | Format-List | Out-String @width | Should -Match 'Items +: 1 up to date'
    }

    It 'show money, sizes and durations for people' {
        $image | Format-List | Out-String @width | Should -Match 'Length +: \d+ KB\r?\nCost +: \$0\.0\d{3}\r?\n'
        $connection | Format-Table | Out-String @width | Should -Match '5 min 00 s'
        (Get-NbBatch $folder/batch).Summary | Format-List | Out-String @width | Should -Match 'Cost +: \$0\.0\d{3}\r?\n'
    }

    It 'do not change with the culture' {
        $before = [cultureinfo]::CurrentCulture
        try {
            $plain = ($image, (Get-NbModel nb-pro) | ForEach-Object { $_ | Format-List | Out-String @width }) -join ''
            [cultureinfo]::CurrentCulture = 'de-DE'
            ($image, (Get-NbModel nb-pro) | ForEach-Object { $_ | Format-List | Out-String @width }) -join '' | Should -Be $plain
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }

    It 'hide empty properties in a list' {
        $image | Format-List | Out-String @width | Should -Not -Match 'Thoughts|Warnings|Parent|Sources'
    }

    It 'show the important properties when one pipeline has several types' {
        $text = $connection, $image, (Get-NbModel nb2), (Get-NbAnchor fox) | Out-String @width
        $text | Should -Match 'Price +: \$0\.0\d{3}'
        $text | Should -Match 'Pixels +: 1376x768'
        $text | Should -Not -Match 'Fingerprint|RequestHash|Conversation|MaximumRetryCount|InputImageTokens'
    }

    It 'have no color where the host has none' {
        $rendering = $PSStyle.OutputRendering
        try {
            $PSStyle.OutputRendering = 'PlainText'
            Get-NbModel | Out-String @width | Should -Not -Match "`e"
        }
        finally {
            $PSStyle.OutputRendering = $rendering
        }
    }
}

Describe 'Objects in other processes' {
    BeforeAll {
        $fromJob = Start-Job { Import-Module $using:modulePath; New-NbImage 'a fox' -Connection (Connect-NbService -Offline) } | Receive-Job -Wait
    }

    It 'ConvertTo-Json, Export-Clixml and Select-Object * give neither bytes nor key of <Name>' -ForEach $specimens {
        $thing = & $Get
        $path = Join-Path $TestDrive 'thing.xml'
        $thing | Export-Clixml $path
        $all = @(
            Get-Content $path -Raw
            $thing | ConvertTo-Json -WarningAction Ignore
            ConvertTo-Json $thing -Depth 9 -WarningAction Ignore
            $thing | Select-Object * | Out-String -Width 9999
            $thing | Format-List * | Out-String -Width 9999
        ) -join "`n"
        $all.Length | Should -BeLessThan 100kb
        # As base64, as a list of numbers, as hex: nothing of that kind is longer than a hash.
        $all | Should -Not -Match '[A-Za-z0-9+/]{120}|(\d{1,3},\s*){30}'
        $all | Should -Not -Match $secretKey
        Import-Clixml $path | Out-String @width | Should -Not -Match 'NanoBanana\.[A-Z]'
    }

    It 'have lists that an index reaches into: <Name>' -ForEach $specimens {
        $thing = & $Get
        foreach ($property in $thing.GetType().GetProperties().Where({ $_.PropertyType.Name -match '^(IReadOnlyList|ImmutableArray)' })) {
            $list = $property.GetValue($thing)
            if ($null -ne $list) { $list -is [Collections.IList] -and ($list.GetType().IsArray -or $list.GetType().GetProperty('Item')) | Should -BeTrue -Because $property.Name }
        }
    }

    It 'Select-Object * prints no bytes' {
        ($edited | Select-Object * | Out-String @width).Length | Should -BeLessThan 4000
    }

    It 'ConvertTo-Json -Depth <_> stays small and parses' -ForEach 2, 20 {
        $json = ConvertTo-Json $edited -Depth $_ -WarningAction Ignore
        $json.Length | Should -BeLessThan 100kb
        ($json | ConvertFrom-Json).Sha256 | Should -Be $edited.Sha256
    }

    It 'CliXml keeps all properties, but no bytes' {
        $path = Join-Path $TestDrive 'image.xml'
        $edited | Export-Clixml $path
        (Get-Item $path).Length | Should -BeLessThan 8kb
        $back = Import-Clixml $path
        $back.Prompt | Should -Be 'four'
        $back.Cost | Should -Be $edited.Cost
        $back.PSObject.Properties.Name | Should -Not -Contain 'Data'
        $back | Format-Table | Out-String @width | Should -Match 'four'
    }

    It 'CliXml of a saved image can be edited where the file is' {
        $path = Join-Path $TestDrive 'saved.xml'
        $image | Save-NbImage -Destination (Join-Path $TestDrive shots) | Export-Clixml $path
        (Import-Clixml $path | Invoke-NbEdit 'a hat').Conversation.Turns.Length | Should -Be 4
    }

    It 'CliXml of a saved image finds it, renamed too, with its conversation' {
        $saved = $image | Save-NbImage -Destination (Join-Path $TestDrive renamed)
        $path = Join-Path $TestDrive 'renamed.xml'
        $saved | Export-Clixml $path
        Rename-Item $saved.Path 'hero [1].jpg'
        (Import-Clixml $path | Invoke-NbEdit 'a hat').Conversation.Turns.Length | Should -Be 4
        (Import-Clixml $path | Import-NbImage).Path | Should -BeLike '*hero `[1`].jpg'
    }

    It 'an image without its bytes gives a clear error in <Name>' -ForEach @(
        @{ Name = 'Invoke-NbEdit'; Use = { $args[0] | Invoke-NbEdit 'a hat' } }
        @{ Name = 'Save-NbImage'; Use = { $args[0] | Save-NbImage -Destination (Join-Path $TestDrive out) } }
        @{ Name = 'Get-NbHistory'; Use = { $args[0] | Get-NbHistory } }
        @{ Name = 'Set-NbAnchor'; Use = { $args[0] | Set-NbAnchor -Name lost } }
        @{ Name = 'New-NbImage -Reference'; Use = { New-NbImage 'a hen' -Reference $args[0] } }
        @{ Name = 'Import-NbImage'; Use = { $args[0] | Import-NbImage } }
        @{ Name = 'Show-NbImage'; Use = { $args[0] | Show-NbImage } }
    ) {
        $failure = & $Use $fromJob 2>&1
        Get-NbErrorId $failure | Should -Be 'Nb.File.ImageLeftBehind'
        $failure.ErrorDetails.RecommendedAction | Should -Match '-Destination'
    }

    It 'a saved image that was moved since says where it was' {
        $saved = $image | Save-NbImage -Destination (Join-Path $TestDrive moved)
        $back = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($saved))
        Rename-Item (Join-Path $TestDrive moved) elsewhere
        $back | Invoke-NbEdit 'a hat' -ErrorVariable failure -ErrorAction SilentlyContinue
        Get-NbErrorId $failure[0] | Should -Be 'Nb.File.ImageLeftBehind'
        "$($failure[0])" | Should -BeLike "*'$($saved.Path)'*"
    }

    It 'an image keeps its bytes between the runspaces of a process' {
        $made = 1..2 | ForEach-Object -Parallel {
            Import-Module $using:modulePath
            New-NbImage "a fox $_" -Connection $using:connection
        }
        ($made | Invoke-NbEdit 'a hat').Count | Should -Be 2
    }

    It 'an anchor from another process is used by its name' {
        $back = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-NbAnchor fox)))
        (New-NbImage 'asleep' -Anchor $back).Anchors | Should -Be 'fox'
    }

    It 'CliXml and JSON of a connection hold no secret' {
        $online = Connect-NbService -ApiKey $secretKey
        try {
            $path = Join-Path $TestDrive 'connection.xml'
            $online | Export-Clixml $path
            (Get-Content $path -Raw) + ($online | ConvertTo-Json -Depth 9) + ($online | Select-Object * | Out-String) |
                Should -Not -Match $secretKey
        }
        finally {
            $online | Disconnect-NbService
            $connection = Connect-NbService -Offline
        }
    }
}
