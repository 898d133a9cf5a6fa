BeforeDiscovery {
    # Everything that takes images takes them in every form.
    $forms = @(
        @{ Form = 'a FileInfo'; Get = { $file } }
        @{ Form = 'a path'; Get = { './edit.jpg' } }
        @{ Form = 'a PathInfo'; Get = { Resolve-Path ./edit.jpg } }
        @{ Form = 'a wildcard'; Get = { 'edi*.jpg' } }
        @{ Form = 'an image'; Get = { $edited } }
        @{ Form = 'a row with a column path'; Get = { [pscustomobject]@{ path = './edit.jpg'; note = 'x' } } }
        @{ Form = 'a row with a column FullName'; Get = { [pscustomobject]@{ FullName = $file.FullName } } }
        @{ Form = 'a Uri'; Get = { [uri]::new($file.FullName) } }
        @{ Form = 'a file:// address'; Get = { [uri]::new($file.FullName).AbsoluteUri } }
        @{ Form = 'a path in double quotes, as a clipboard has it'; Get = { '"{0}"' -f $file } }
        @{ Form = 'a path in single quotes, as a terminal drops it'; Get = { "'{0}'" -f $file } }
        @{ Form = 'a path from the home folder'; Get = { Join-Path '~' ([IO.Path]::GetRelativePath($HOME, $file.FullName)) } }
        @{ Form = 'bytes'; Get = { , [IO.File]::ReadAllBytes($file) }; Foreign = $true }
        @{ Form = 'a data URI'; Get = { $edited.ToDataUri() }; Foreign = $true }
    )
    $takers = @(
        @{ Taker = 'Invoke-NbEdit'; Act = { $input | Invoke-NbEdit 'a hat' } }
        @{ Taker = 'Import-NbImage'; Act = { $input | Import-NbImage } }
        @{ Taker = 'Save-NbImage'; Act = { $input | Save-NbImage -Destination saved } }
        @{ Taker = 'Set-NbAnchor'; Act = { $input | Set-NbAnchor it -PassThru } }
        @{ Taker = 'Get-NbHistory'; Act = { $input | Get-NbHistory | Select-Object -First 1 }; Remembers = $true }
        @{ Taker = 'New-NbImage -Reference'; Act = { New-NbImage x -Reference @($input) } }
        @{ Taker = 'Convert-NbImage'; Act = { $input | Convert-NbImage -Width 32 } }
        @{ Taker = 'Compare-NbImage'; Act = { $input | Compare-NbImage -Reference $file } }
        @{ Taker = 'New-NbContactSheet'; Act = { $input | New-NbContactSheet } }
    )
    $pairs = foreach ($taker in $takers) {
        foreach ($form in $forms) {
            # What has no conversation has no history.
            if (-not ($taker.Remembers -and $form.Foreign)) { $taker + $form }
        }
    }
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $server = Start-TestServer
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive work))
    'a cat', 'a dog' | New-NbImage -Destination . | Out-Null
    $edited = Invoke-NbEdit 'at night' ./a-cat.jpg -OutFile edit.jpg
    $file = Get-Item edit.jpg
    function Get-RequestCount { $server.Service.Statistics.Requests }
}

AfterAll {
    Pop-Location
    Stop-TestServer $server
}

Describe 'Input' {
    It 'files: the example of the specification' {
        $made = Get-ChildItem a-*.jpg | Invoke-NbEdit 'warmer light' | Save-NbImage -Destination warm
        $made | Should -HaveCount 2
        $made.Path | Should -Exist
        $made | ForEach-Object { $_.Conversation.Turns.Length | Should -Be 4 }
    }

    It '<Taker> takes <Form>' -ForEach $pairs {
        & $Get | & $Act | Should -HaveCount 1
    }

    It 'takes the picture at a web address' {
        $web = Start-TestListener
        $shell = New-TestShell $server.Connection
        try {
            $running = $shell.AddScript("[uri]'$($web.Address)fox.jpg' | Invoke-NbEdit 'a hat' -Connection `$connection").BeginInvoke()
            $request = Send-TestAnswer $web -Body ([IO.File]::ReadAllBytes($file))
            $request.Headers.AllKeys | Should -Not -Contain 'x-goog-api-key'
            $shell.EndInvoke($running) | Should -HaveCount 1
        }
        finally {
            $web.Listener.Close()
            $shell.Runspace.Dispose()
        }
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'bytes as an argument'; Images = 1; Act = { Invoke-NbEdit x ([IO.File]::ReadAllBytes($file)) } }
        @{ Name = 'bytes as Get-Content gives them'; Images = 1; Act = { Invoke-NbEdit x (Get-Content $file -AsByteStream) } }
        @{ Name = 'a clipboard of two lines'; Images = 2; Act = { "`"$file`"`r`n`"$file`"`r`n" | Invoke-NbEdit x } }
        @{ Name = 'a wildcard'; Images = 2; Act = { 'a-*.jpg' | Invoke-NbEdit x } }
        @{ Name = 'an image and a file mixed'; Images = 2; Act = { $file, (Import-NbImage a-dog.jpg) | Invoke-NbEdit x } }
        @{ Name = 'prompts, one by one'; Images = 3; Act = { [string[]](1..3) | New-NbImage } }
        @{ Name = 'files piped to Import'; Images = 3; Act = { Get-ChildItem *.jpg | Import-NbImage } }
        @{ Name = 'a whole folder piped to Import'; Images = 3; Act = { Get-ChildItem -File | Import-NbImage -ErrorAction Stop } }
    ) {
        & $Act | Should -HaveCount $Images
    }

    It 'rows of a CSV file: every column by its name, empty cells ignored' {
        "prompt,aspectRatio,size,outFile`na hen,16:9,,hen.jpg`na pig,,2K,pig.jpg" | Set-Content jobs.csv
        $made = Import-Csv jobs.csv | New-NbImage | Sort-Object Path
        $made[0].Path | Should -Be (Join-Path $PWD hen.jpg)
        $made[0].Width | Should -Be 1376
        $made[1].Width | Should -Be 2048
    }

    It 'rows that name images and their edits' {
        "path,instruction`na-cat.jpg,a hat`na-dog.jpg,a coat" | Set-Content edits.csv
        (Import-Csv edits.csv | Invoke-NbEdit).Prompt | Sort-Object | Should -Be 'a coat', 'a hat'
    }

    It 'refuses <Name>, which is not an image' -ForEach @(
        @{ Name = 'an empty text'; Thing = { '' } }
        @{ Name = 'a folder'; Thing = { Get-Item . } }
    ) {
        & $Thing | Invoke-NbEdit x -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-NbErrorId $failures[0] | Should -Be 'Nb.File.NotFound'
    }

    It 'a list with a missing name: <Name>' -ForEach @(
        @{ Name = 'Import-NbImage'; Act = { Import-NbImage a-cat.jpg, none.jpg, a-dog.jpg -ErrorVariable +failures -ErrorAction SilentlyContinue } }
        @{ Name = 'Compare-NbImage'; Act = { Compare-NbImage a-cat.jpg, none.jpg, a-dog.jpg -Reference $file -ErrorVariable +failures -ErrorAction SilentlyContinue } }
        @{ Name = 'Invoke-NbEdit'; Act = { Invoke-NbEdit x a-cat.jpg, none.jpg, a-dog.jpg -ErrorVariable +failures -ErrorAction SilentlyContinue } }
    ) {
        $failures = @()
        . $Act | Should -HaveCount 2
        Get-NbErrorId $failures[0] | Should -Be 'Nb.File.NotFound'
    }

    It 'refuses an address without a picture, and continues' {
        $made = 'http://127.0.0.1:1/fox.png', $file.FullName | Invoke-NbEdit x -ErrorVariable failures -ErrorAction SilentlyContinue
        $made | Should -HaveCount 1
        Get-NbErrorId $failures[0] | Should -Be 'Nb.File.AddressUnreadable'
    }

    It 'refuses an object that is not an image, with an error id' {
        Get-Date | Invoke-NbEdit x -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-NbErrorId $failures[0] | Should -Be 'Nb.File.NotAnImageInput'
    }

    It 'refuses a missing drive, with an error id' {
        New-NbImage x -Destination 'NoSuchDrive:\x' -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-NbErrorId $failures[0] | Should -Be 'Nb.File.NotAFilePath'
    }
}

Describe 'The engine''s own parameters' {
    It '-PipelineVariable' {
        New-NbImage q -PipelineVariable made | ForEach-Object { $made.Prompt } | Should -Be 'q'
    }

    It '-PipelineVariable with one item at a time, through two commands' {
        $pairs = 'a', 'b', 'c' | New-NbImage -ThrottleLimit 1 -PipelineVariable made | Invoke-NbEdit 'a hat' -ThrottleLimit 1 |
            ForEach-Object { "$($made.Prompt) $($_.Parent.Prompt)" }
        $pairs | Should -Be 'a a', 'b b', 'c c'
    }

    It '-OutVariable' {
        $null = 'a', 'b' | New-NbImage -OutVariable made
        $made | Should -HaveCount 2
    }

    It '-ErrorAction <Action>' -ForEach @(
        @{ Action = 'Ignore'; Recorded = 0 }
        @{ Action = 'SilentlyContinue'; Recorded = 1 }
        @{ Action = 'Continue'; Recorded = 1 }
    ) {
        $Error.Clear()
        $made = 'good', '[[IMAGE_SAFETY]]', 'better' | New-NbImage -ErrorAction $Action 2>$null
        $made | Should -HaveCount 2
        $Error | Should -HaveCount $Recorded
    }

    It '-ErrorAction Stop ends it with this module''s error id' {
        $failure = { '[[IMAGE_SAFETY]]', 'never' | New-NbImage -ThrottleLimit 1 -ErrorAction Stop } | Should -Throw -PassThru
        Get-NbErrorId $failure | Should -Be 'Nb.Answer.NoImage'
    }

    It 'Select-Object -First waits for calls in flight and sends nothing more' {
        $other = Start-TestServer
        try {
            [string[]](1..20) | New-NbImage -ThrottleLimit 2 -AsCompleted -Destination early -WarningAction Ignore |
                Select-Object -First 1 | Should -HaveCount 1
            $other.Service.Statistics.Requests | Should -BeLessOrEqual 2
            Get-ChildItem early *.jpg | Should -HaveCount $other.Service.Statistics.Requests
        }
        finally {
            Stop-TestServer $other
            $null = Connect-NbService -ApiKey $secretKey -BaseUri $server.Server.BaseUri
        }
    }

    It 'ForEach-Object -Parallel with a connection of another runspace' {
        $connection = $server.Connection
        $before = Get-RequestCount
        $made = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:modulePath
            New-NbImage "p $_" -Connection $using:connection
        }
        $made | Should -HaveCount 4
        (Get-RequestCount) - $before | Should -Be 4
    }

    It 'Start-ThreadJob with a connection of another runspace' -Skip:(-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
        $connection = $server.Connection
        $job = Start-ThreadJob { Import-Module $using:modulePath; New-NbImage x -Connection $using:connection }
        $job | Receive-Job -Wait -AutoRemoveJob | Should -HaveCount 1
    }

    It 'explains why a connection copied to another process does not work: <_>' -ForEach 'New-NbImage x', 'Get-NbAnchor', 'Disconnect-NbService' {
        $copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($server.Connection))
        $failure = { & ([scriptblock]::Create("$_ -Connection `$args[0]")) $copy } | Should -Throw -PassThru
        "$failure" | Should -Match 'another process.+Connect-NbService'
    }

    It 'takes the file with exactly that name, including brackets: <Name>' -ForEach @(
        @{ Name = 'Import-NbImage'; Use = { (Import-NbImage 'photo[1].jpg').Path } }
        @{ Name = 'Import-NbImage of a row'; Use = { ([pscustomobject]@{ Path = 'photo[1].jpg' } | Import-NbImage).Path } }
        @{ Name = 'Invoke-NbEdit'; Use = { (Invoke-NbEdit 'a hat' 'photo[1].jpg').Parent.Path } }
        @{ Name = 'Invoke-NbEdit -Path'; Use = { (Invoke-NbEdit 'a hat' -Path 'photo[1].jpg').Parent.Path } }
        @{ Name = 'New-NbImage -Reference'; Use = { Join-Path $PWD (New-NbImage 'a hat' -Reference 'photo[1].jpg').References[0].Picture.Name } }
        @{ Name = 'Set-NbAnchor'; Use = { Join-Path $PWD (Set-NbAnchor one -Path 'photo[1].jpg' -PassThru).Pictures[0].Name } }
        @{ Name = 'Get-NbHistory'; Use = { (Get-NbHistory 'photo[1].jpg')[-1].Images[0].Path } }
        @{ Name = 'Show-NbImage'; Use = { (Show-NbImage 'photo[1].jpg' -Protocol None -PassThru).Path } }
        @{ Name = 'Get-NbBlob'; Use = { Join-Path (Get-NbBlob 'folder[1]')[0].Folder '../photo[1].jpg' | ForEach-Object { [IO.Path]::GetFullPath($_) } } }
    ) {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid())))
        try {
            $fox = New-NbImage 'a fox'
            foreach ($name in 'photo[1].jpg', 'photo1.jpg', 'folder[1]/fox.jpg') { $null = $fox | Save-NbImage -Path $name }
            & $Use | Should -Be (Join-Path $PWD 'photo[1].jpg')
        }
        finally {
            Pop-Location
        }
    }
}
