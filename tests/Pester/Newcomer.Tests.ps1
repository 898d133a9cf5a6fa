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
    It 'finds the way from the module''s name' {
        Get-Help NanoBanana | Out-String | Should -Match 'Connect-NbService -Offline'
        (Get-Help Edit-NbImage).Name | Should -Be 'Invoke-NbEdit'
    }

    It 'who swaps picture and words is told the order' {
        Invoke-NbEdit ./fox.jpg 'add a hat' -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-BareErrorId $failures[0] | Should -Be 'Nb.Request.InstructionIsPath'
        $failures[0].ErrorDetails.RecommendedAction | Should -Match "Invoke-NbEdit 'add a hat' \./fox\.jpg"
    }

    It 'who saves as fox.jpg gets a file, not a folder of that name' {
        $saved = New-NbImage 'another fox' | Save-NbImage another.jpg
        $saved.Path | Should -Be (Join-Path $PWD another.jpg)
        'another.jpg' | Should -Exist
    }

    It 'is told when a picture cannot have the extension that was typed: <Name>' -ForEach @(
        @{ Name = 'New-NbImage -OutFile'; Act = { New-NbImage x -OutFile a.png -WarningVariable script:said -WarningAction SilentlyContinue } }
        @{ Name = 'Save-NbImage -Path'; Act = { New-NbImage x | Save-NbImage -Path b.png -WarningVariable script:said -WarningAction SilentlyContinue } }
        @{ Name = 'Save-NbImage'; Act = { New-NbImage x | Save-NbImage c.png -WarningVariable script:said -WarningAction SilentlyContinue } }
    ) {
        (& $Act).Path | Should -Match '\.jpg$'
        "$said" | Should -Match 'Saved as \w\.jpg, not \.png: the picture is image/jpeg'
        $null = New-NbImage x -OutFile d.jpeg -WarningVariable said
        $said | Should -BeNullOrEmpty
    }

    It 'who pipes files to New-NbImage is told what they are, and pays for nothing: <Name>' -ForEach @(
        @{ Name = 'FileInfo'; Act = { Get-ChildItem fox.jpg | New-NbImage @silently } }
        @{ Name = 'path'; Act = { 'fox.jpg' | New-NbImage @silently } }
        @{ Name = 'FileInfo of another kind'; Act = { Get-ChildItem words | New-NbImage @silently } }
        @{ Name = 'folder'; Act = { Get-ChildItem -Directory | New-NbImage @silently } }
    ) {
        'a fox' > words
        $null = New-Item -ItemType Directory folder -Force
        $silently = @{ ErrorVariable = 'failures'; ErrorAction = 'SilentlyContinue' }
        . $Act | Should -BeNullOrEmpty
        $failures | ForEach-Object { Get-BareErrorId $_ } | Should -Be 'Nb.Request.PromptIsPath'
    }

    It 'may ask for what a file is named after' {
        'a fox' > fox
        New-NbImage fox | Should -HaveCount 1
    }

    # The engine takes 5s for a number of type short.
    It 'writes times bare: <_>' -ForEach '5s', '20ms', '1.5s', '2m', '0:0:1' {
        $emulator = & ([scriptblock]::Create("Start-NbEmulator -Latency $_"))
        $emulator | Should -HaveCount 1
        $emulator | Stop-NbEmulator
    }
}
