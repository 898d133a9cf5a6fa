# Samples, moving, and finding out whether a connection works.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive everyday))
    $connection = Connect-NbService -Offline
}

AfterAll {
    Pop-Location
    $connection | Disconnect-NbService
}

Describe 'Copy-NbSample' {
    It 'writes the files for the examples, and keeps existing files' {
        (Copy-NbSample samples).Name | Should -Be 'fox.jpg', 'owl.jpg', 'photo.jpg', 'a-fox.jpg', 'an-owl.jpg', 'jobs.csv', 'campaign.json'
        (Import-NbImage samples/fox.jpg).Prompt | Should -Be 'a red fox'
        (Import-NbImage samples/photo.jpg).Conversation | Should -BeNullOrEmpty
        (Import-Csv samples/jobs.csv).Count | Should -Be 2
        'mine' | Set-Content samples/jobs.csv
        Copy-NbSample samples | Should -BeNullOrEmpty
        Get-Content samples/jobs.csv | Should -Be 'mine'
        @(Copy-NbSample samples -Force).Count | Should -Be 7
        (Import-Csv samples/jobs.csv).Count | Should -Be 2
    }

    It 'writes nothing with -WhatIf' {
        Copy-NbSample nothing -WhatIf | Should -BeNullOrEmpty
        'nothing' | Should -Not -Exist
    }
}

Describe 'Move-NbImage' {
    BeforeEach {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Copy-NbSample $folder | Out-Null
        Set-Location $folder
    }

    AfterAll { Set-Location (Join-Path $TestDrive everyday) }

    It 'renames the sidecar along' {
        $moved = Move-NbImage fox.jpg red.jpg -PassThru
        $moved.Path | Should -Be (Join-Path $PWD red.jpg)
        'fox.jpg', 'fox.jpg.nb.json' | Should -Not -Exist
        'red.jpg.nb.json' | Should -Exist
        (Import-NbImage red.jpg).Prompt | Should -Be 'a red fox'
    }

    It 'moves the blobs of the conversation, so that the image can be edited at its new place' {
        $moved = Move-NbImage fox.jpg ../away-from-home -PassThru
        $moved | Invoke-NbEdit 'add a hat' | Should -Not -BeNullOrEmpty
        'fox.jpg', 'fox.jpg.nb.json' | Should -Not -Exist
        Remove-Item .nb -Recurse -Force
        $edited = Import-NbImage ../away-from-home/fox.jpg | Invoke-NbEdit 'add a scarf'
        $edited.Conversation.Turns.Count | Should -Be 4
    }

    It 'moves images from the pipeline, and a picture without a sidecar' {
        Get-ChildItem photo.jpg, shots/*.jpg | Move-NbImage -Destination kept
        (Get-ChildItem kept/*.jpg).Name | Should -Be 'a-fox.jpg', 'an-owl.jpg', 'photo.jpg'
        'photo.jpg' | Should -Not -Exist
    }

    It 'replaces only with -Force' {
        $before = (Get-FileHash photo.jpg).Hash
        Move-NbImage fox.jpg photo.jpg -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-NbErrorId $failures[0] | Should -Be 'Nb.File.Exists'
        (Get-FileHash photo.jpg).Hash | Should -Be $before
        Move-NbImage fox.jpg photo.jpg -Force
        (Import-NbImage photo.jpg).Prompt | Should -Be 'a red fox'
    }

    It 'removes the old sidecar when a picture without a history gets its name' {
        Move-NbImage photo.jpg fox.jpg -Force
        (Import-NbImage fox.jpg).Prompt | Should -BeNullOrEmpty
    }

    It 'warns of a picture that a batch would make again' {
        'a fox' | Start-NbBatch -Destination batch -Wait | Out-Null
        Move-NbImage batch/a-fox.jpg elsewhere -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -Match 'makes again what it does not find'
    }

    It 'refuses an image that is not saved' {
        New-NbImage 'an owl' | Move-NbImage -Destination here -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-NbErrorId $failures[0] | Should -Be 'Nb.File.NotSaved'
    }
}

Describe 'Test-NbConnection' {
    It 'emits a result for each check' {
        $found = Test-NbConnection
        $found.Name | Should -Be 'Credential', 'Address', 'Key', 'Clock', 'Models', 'Default model', 'Uploads', 'Storage'
        $found.State | Should -Not -Contain 'Failed'
        Test-NbConnection -Quiet | Should -BeTrue
    }

    It 'advises on an address without a server, and skips the other checks' {
        $dead = Connect-NbService -ApiKey x -BaseUri http://127.0.0.1:9
        try {
            $found = Test-NbConnection
            $found[-1].Name | Should -Be 'Address'
            "$($found[-1].State)" | Should -Be 'Failed'
            $found[-1].Remedy | Should -Not -BeNullOrEmpty
            Test-NbConnection -Quiet | Should -BeFalse
        }
        finally {
            $dead | Disconnect-NbService
            $connection = Connect-NbService -Offline
        }
    }

    It 'reports a refused key' {
        $emulator = Start-NbEmulator -Token (ConvertTo-SecureString right -AsPlainText -Force)
        try {
            $refused = Connect-NbService -BaseUri $emulator.BaseUri -ApiKey wrong
            $key = Test-NbConnection -Connection $refused | Where-Object Name -EQ Key
            "$($key.State)" | Should -Be 'Failed'
            $key.Remedy | Should -Not -BeNullOrEmpty
        }
        finally {
            Stop-NbEmulator
            $connection = Connect-NbService -Offline
        }
    }

    It 'is false with -Quiet and no connection' {
        Disconnect-NbService
        try { Invoke-WithKey $null { Test-NbConnection -Quiet | Should -BeFalse } }
        finally { $connection = Connect-NbService -Offline }
    }
}

Describe 'Get-NbConnection' {
    It 'shows the connection of the environment, and the variable of the key' {
        Disconnect-NbService
        try {
            Invoke-WithKey @{ GEMINI_API_KEY = 'from-the-environment' } {
                $shown = Get-NbConnection
                $shown.Credential | Should -Be 'environment'
                $shown.KeyVariable | Should -Match 'GEMINI_API_KEY'
                $shown | Format-List * | Out-String | Should -Not -Match 'from-the-environment'
            }
        }
        finally { $connection = Connect-NbService -Offline }
    }
}

Describe 'A warning that stops the pipeline' {
    It 'comes after the picture is saved and emitted' {
        $short = Connect-NbService -Offline -Fault @{ fault = 'smallerImage'; times = 1 }
        try {
            $folder = Join-Path $TestDrive halted
            $made = @()
            $stopped = $false
            try { New-NbImage 'a fox' -Size 2K -Destination $folder -Connection $short -WarningAction Stop -OutVariable made | Out-Null }
            catch { $stopped = $true }
            $stopped | Should -BeTrue
            $made.Count | Should -Be 1
            $made[0].Path | Should -Exist
        }
        finally { $connection = Connect-NbService -Offline }
    }
}
