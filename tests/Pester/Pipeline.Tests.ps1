BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $server = Start-TestServer
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive work))
    'a cat', 'a dog' | New-NbImage -Destination . | Out-Null
    $file = Get-Item a-cat.jpg
    function Get-RequestCount { $server.Service.Statistics.Requests }
}

AfterAll {
    Pop-Location
    Stop-TestServer $server
}

Describe 'Input' {
    It 'files: the line of the specification' {
        $made = Get-ChildItem *.jpg | Invoke-NbEdit 'warmer light' | Save-NbImage -Destination warm
        $made | Should -HaveCount 2
        $made.Path | Should -Exist
        $made | ForEach-Object { $_.Conversation.Turns.Length | Should -Be 4 }
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'bytes, one array'; Images = 1; Act = { , [IO.File]::ReadAllBytes($file) | Invoke-NbEdit x } }
        @{ Name = 'bytes as an argument'; Images = 1; Act = { Invoke-NbEdit x ([IO.File]::ReadAllBytes($file)) } }
        @{ Name = 'bytes as Get-Content gives them'; Images = 1; Act = { Invoke-NbEdit x (Get-Content $file -AsByteStream) } }
        @{ Name = 'a file''s address'; Images = 1; Act = { [uri]::new($file.FullName) | Invoke-NbEdit x } }
        @{ Name = 'a file''s address as text'; Images = 1; Act = { [uri]::new($file.FullName).AbsoluteUri | Invoke-NbEdit x } }
        @{ Name = 'a data URI'; Images = 1; Act = { (Import-NbImage $file).ToDataUri() | Invoke-NbEdit x } }
        @{ Name = 'a path in double quotes'; Images = 1; Act = { '"{0}"' -f $file | Invoke-NbEdit x } }
        @{ Name = 'a path in single quotes'; Images = 1; Act = { "'{0}'" -f $file | Invoke-NbEdit x } }
        @{ Name = 'a clipboard of two lines'; Images = 2; Act = { "`"$file`"`r`n`"$file`"`r`n" | Invoke-NbEdit x } }
        @{ Name = 'a wildcard'; Images = 2; Act = { 'a-*.jpg' | Invoke-NbEdit x } }
        @{ Name = 'an image and a file mixed'; Images = 2; Act = { $file, (Import-NbImage a-dog.jpg) | Invoke-NbEdit x } }
        @{ Name = 'prompts, one by one'; Images = 3; Act = { 1..3 | New-NbImage } }
        @{ Name = 'files piped to Import'; Images = 2; Act = { Get-ChildItem *.jpg | Import-NbImage } }
        @{ Name = 'a whole folder piped to Import'; Images = 2; Act = { Get-ChildItem -File | Import-NbImage -ErrorAction Stop } }
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

    It 'rows that name images and what to do with each' {
        "path,instruction`na-cat.jpg,a hat`na-dog.jpg,a coat" | Set-Content edits.csv
        (Import-Csv edits.csv | Invoke-NbEdit).Prompt | Sort-Object | Should -Be 'a coat', 'a hat'
    }

    It 'refuses an address that gives no picture, and goes on' {
        $made = 'http://127.0.0.1:1/fox.png', $file.FullName | Invoke-NbEdit x -ErrorVariable failures -ErrorAction SilentlyContinue
        $made | Should -HaveCount 1
        Get-BareErrorId $failures[0] | Should -Be 'Nb.File.AddressUnreadable'
    }

    It 'refuses what is no image with an id' {
        Get-Date | Invoke-NbEdit x -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-BareErrorId $failures[0] | Should -Be 'Nb.File.NotAnImageInput'
    }

    It 'refuses a drive that is none with an id' {
        New-NbImage x -Destination 'NoSuchDrive:\x' -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-BareErrorId $failures[0] | Should -Be 'Nb.File.NotAFilePath'
    }
}

Describe 'The engine''s own parameters' {
    It '-PipelineVariable' {
        New-NbImage q -PipelineVariable made | ForEach-Object { $made.Prompt } | Should -Be 'q'
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

    It '-ErrorAction Stop ends it with our id' {
        $failure = { '[[IMAGE_SAFETY]]', 'never' | New-NbImage -ThrottleLimit 1 -ErrorAction Stop } | Should -Throw -PassThru
        Get-BareErrorId $failure | Should -Be 'Nb.Answer.NoImage'
    }

    It 'Select-Object -First cancels what is in the air and sends nothing more' {
        $slow = Start-TestServer '[{"fault":"hang","nth":2}]'
        try {
            1..20 | New-NbImage -ThrottleLimit 2 | Select-Object -First 1 | Should -HaveCount 1
            $slow.Service.Statistics.Requests | Should -BeLessOrEqual 2
        }
        finally {
            Stop-TestServer $slow
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
}
