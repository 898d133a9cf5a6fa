# What people type who know only Get-Command, Get-Help and Tab.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive new))
    $connection = Connect-NbService -Offline
    New-NbImage 'a fox' -OutFile fox.jpg | Out-Null
}

AfterAll {
    Pop-Location
    $connection | Disconnect-NbService
}

Describe 'A newcomer' {
    It 'finds the commands from the module''s name' {
        Get-Help NanoBanana | Out-String | Should -Match 'Connect-NbService -Offline'
        (Get-Help Edit-NbImage).Name | Should -Be 'Invoke-NbEdit'
    }

    It 'who swaps picture and text gets advice on the order' {
        Invoke-NbEdit ./fox.jpg 'add a hat' -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-NbErrorId $failures[0] | Should -Be 'Nb.Request.InstructionIsPath'
        $failures[0].ErrorDetails.RecommendedAction | Should -Match "Invoke-NbEdit 'add a hat' \./fox\.jpg"
    }

    It 'who saves as fox.jpg gets a file, not a folder of that name' {
        $saved = New-NbImage 'another fox' | Save-NbImage another.jpg
        $saved.Path | Should -Be (Join-Path $PWD another.jpg)
        'another.jpg' | Should -Exist
    }

    It 'gets a warning when a picture cannot have the typed extension: <Name>' -ForEach @(
        @{ Name = 'New-NbImage -OutFile'; Act = { New-NbImage x -OutFile a.png -WarningVariable script:said -WarningAction SilentlyContinue } }
        @{ Name = 'Save-NbImage -Path'; Act = { New-NbImage x | Save-NbImage -Path b.png -WarningVariable script:said -WarningAction SilentlyContinue } }
        @{ Name = 'Save-NbImage'; Act = { New-NbImage x | Save-NbImage c.png -WarningVariable script:said -WarningAction SilentlyContinue } }
    ) {
        (& $Act).Path | Should -Match '\.jpg$'
        "$said" | Should -Match 'Saved as \w\.jpg, not \.png: the picture is image/jpeg'
        $null = New-NbImage x -OutFile d.jpeg -WarningVariable said
        $said | Should -BeNullOrEmpty
    }

    It 'who pipes files to New-NbImage gets an error that names them, and pays nothing: <Name>' -ForEach @(
        @{ Name = 'FileInfo'; Act = { Get-ChildItem fox.jpg | New-NbImage @silently } }
        @{ Name = 'path'; Act = { 'fox.jpg' | New-NbImage @silently } }
        @{ Name = 'FileInfo of another kind'; Act = { Get-ChildItem words | New-NbImage @silently } }
        @{ Name = 'folder'; Act = { Get-ChildItem -Directory | New-NbImage @silently } }
    ) {
        'a fox' > words
        $null = New-Item -ItemType Directory folder -Force
        $silently = @{ ErrorVariable = 'failures'; ErrorAction = 'SilentlyContinue' }
        . $Act | Should -BeNullOrEmpty
        $failures | ForEach-Object { Get-NbErrorId $_ } | Should -Be 'Nb.Request.PromptIsPath'
    }

    It 'may use a prompt that is also the name of a file' {
        'a fox' > fox
        New-NbImage fox | Should -HaveCount 1
    }

    It 'who names a folder as the file gets a clear error: <_>' -ForEach '.', '..', 'there/', './', 'new/there/' {
        $null = New-Item -ItemType Directory there -Force
        New-NbImage x -OutFile $_ -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        New-NbImage x | Save-NbImage -Path $_ -ErrorVariable +failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures | ForEach-Object { Get-NbErrorId $_ } | Should -Be 'Nb.File.NotAFilePath', 'Nb.File.NotAFilePath'
        "$($failures[0])" | Should -Be "'$_' names a folder."
        $failures[0].ErrorDetails.RecommendedAction | Should -Match '-Destination'
    }

    It 'who names a file as the folder gets a clear error: <Name>' -ForEach @(
        @{ Name = '-Destination'; Act = { New-NbImage x -Destination fox.jpg @silently } }
        @{ Name = '-OutFile'; Act = { New-NbImage x -OutFile fox.jpg/deep/owl.jpg @silently } }
        @{ Name = 'Save-NbImage'; Act = { Import-NbImage fox.jpg | Save-NbImage -Path fox.jpg/owl.jpg @silently } }
    ) {
        $silently = @{ ErrorVariable = 'failures'; ErrorAction = 'SilentlyContinue' }
        . $Act | Should -BeNullOrEmpty
        Get-NbErrorId $failures[0] | Should -Be 'Nb.File.Unwritable'
        "$($failures[0])" | Should -Match 'fox\.jpg'' is a file, not a folder\.$'
    }

    It 'who uses -Offline sees no other host than the emulator' {
        $verbose = New-NbImage x -Verbose 4>&1 | Out-String
        $verbose | Should -Match 'POST emulator\.invalid'
        $connection.BaseUri.Host | Should -Be emulator.invalid
    }

    It 'may type a model as the tables show it' {
        $shown = New-NbImage x -Model final | Format-Table | Out-String
        $shown | Should -Match '\b3-pro-image\b'
        (New-NbImage x -Model 3-pro-image -WarningVariable said).Model | Should -Be gemini-3-pro-image
        $said | Should -BeNullOrEmpty
    }

    # The engine takes 5s for a number of type short.
    It 'may write durations without quotes: <_>' -ForEach '5s', '20ms', '1.5s', '2m', '0:0:1' {
        $emulator = & ([scriptblock]::Create("Start-NbEmulator -Latency $_"))
        $emulator | Should -HaveCount 1
        $emulator | Stop-NbEmulator
    }
}
