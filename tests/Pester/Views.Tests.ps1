BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $connection = Connect-NbService -Offline
    $image = New-NbImage "a fox`nin the snow" -AspectRatio 16:9
    $edited = $image
    foreach ($word in 'one', 'two', 'three', 'four') { $edited = $edited | Invoke-NbEdit $word }
    $image | Set-NbAnchor -Name fox -Description 'a red fox'
    $width = @{ Width = 130 }
}

Describe 'Views' {
    It 'show an image in a row that fits a narrow console' {
        $text = $image | Format-Table | Out-String -Width 80
        $text | Should -Match '1376x768 +\d+ KB +\$0\.0\d{3} +nano-banana-2\.1 +a fox'
    }

    It 'have table, list and wide for <Name>' -ForEach @(
        @{ Name = 'an image'; Object = { $image } }
        @{ Name = 'a model'; Object = { Get-NbModel nb2 } }
        @{ Name = 'an anchor'; Object = { Get-NbAnchor fox } }
        @{ Name = 'a connection'; Object = { $connection } }
        @{ Name = 'what was spent'; Object = { [NanoBanana.Batches.UsageLine]::new() } }
    ) {
        $thing = & $Object
        foreach ($kind in 'Table', 'List', 'Wide') {
            $views = (Get-FormatData -TypeName $thing.GetType().FullName).FormatViewDefinition.Control
            "$views" | Should -Match "${kind}Control"
        }
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

    It 'leave out of a list what there is none of' {
        $image | Format-List | Out-String @width | Should -Not -Match 'Thoughts|Warnings|Parent|Sources'
    }

    It 'show what matters where several types come down one pipeline' {
        $text = $connection, $image, (Get-NbModel nb2), (Get-NbAnchor fox) | Out-String @width
        $text | Should -Match 'Price +: \$0\.0\d{3}'
        $text | Should -Match 'Pixels +: 1376x768'
        $text | Should -Not -Match 'Fingerprint|Conversation|MaximumRetryCount|InputImageTokens'
    }

    It 'have no colour where the host has none' {
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

Describe 'Objects elsewhere' {
    It 'Select-Object * prints no bytes' {
        ($edited | Select-Object * | Out-String @width).Length | Should -BeLessThan 4000
    }

    It 'ConvertTo-Json -Depth <_> stays small and parses' -ForEach 2, 20 {
        $json = ConvertTo-Json $edited -Depth $_ -WarningAction Ignore
        $json.Length | Should -BeLessThan 100kb
        ($json | ConvertFrom-Json).Sha256 | Should -Be $edited.Sha256
    }

    It 'CliXml keeps what there is to know, and no bytes' {
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
