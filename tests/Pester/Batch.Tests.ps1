# Batches as their users meet them: what they cost, how they stop, what they leave behind.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    function Start-SlowService {
        # An emulator whose jobs take a day, connected to.
        $service = [NanoBanana.Emulator.EmulatorService]::new([NanoBanana.Emulator.Settings.EmulatorOptions]@{ BatchPending = '00:00:00'; BatchRunning = '1.00:00:00' })
        $server = [NanoBanana.Emulator.EmulatorServer]::Start($service, 0, $null)
        [pscustomobject]@{ Service = $service; Server = $server; Connection = Connect-NbService -ApiKey $secretKey -BaseUri $server.BaseUri }
    }

    function Submit-Job {
        # Leaves a job at the service, as a session does that ends.
        param([string]$Destination, [int]$Count = 4)

        $batch = 1..$Count | ForEach-Object { "picture $_" } | Start-NbBatch -Destination $Destination -Mode Batch
        $batch | Wait-NbBatch -TimeoutSeconds 0 | Out-Null
        while ($batch.Summary.Submitted -lt $Count) { $batch | Wait-NbBatch -TimeoutSeconds 1 | Out-Null }
        $batch
    }
}

Describe 'Usage' {
    BeforeAll {
        $server = Start-TestServer
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive usage))
        'a fox', 'an owl' | Start-NbBatch -Destination animals -Wait | Out-Null
        New-NbImage 'a cat' -OutFile singles/cat.jpg | Out-Null
    }

    AfterAll {
        Pop-Location
        Stop-TestServer $server
    }

    It 'equals the bill' {
        (Get-NbUsage -GroupBy None).Cost | Should -Be $server.Service.Statistics.BilledUsd
        (Get-NbUsage | Measure-Object Answers -Sum).Sum | Should -Be 3
    }

    It 'takes folders, files, batches and images, and counts nothing twice' {
        (Get-ChildItem | Get-NbUsage -GroupBy Folder).Folder | Split-Path -Leaf | Should -Be 'animals', 'singles'
        (Get-ChildItem -Recurse | Get-NbUsage -GroupBy None).Answers | Should -Be 3
        (Get-NbBatch animals | Get-NbUsage).Answers | Should -Be 2
        (Import-NbImage singles/cat.jpg | Get-NbUsage).Answers | Should -Be 1
        (Get-NbUsage ani*).Answers | Should -Be 2
    }

    It 'counts only the given days' {
        Get-NbUsage -Since (Get-Date).AddDays(2) | Should -BeNullOrEmpty
        Get-NbUsage -Until (Get-Date).AddDays(-2) | Should -BeNullOrEmpty
        (Get-NbUsage -Since (Get-Date).AddDays(-1) -Until (Get-Date).AddDays(1) -GroupBy None).Answers | Should -Be 3
    }

    It 'fits a narrow console' {
        $text = Get-NbUsage | Format-Table | Out-String -Width 80
        $text | Should -Match '\d{4}-\d\d-\d\d +2 +\$0\.\d{4} +\$0\.\d{4} +Live +nano-banana-2\.1 +animals'
    }

    It 'reports missing folders' {
        Get-NbUsage nowhere -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-NbErrorId $failed[0] | Should -Be 'Nb.File.NotFound'
    }
}

Describe 'A batch' {
    BeforeAll {
        $connection = Connect-NbService -Offline
        $image = New-NbImage 'a fox'
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive batch))
    }

    AfterAll {
        Pop-Location
        $connection | Disconnect-NbService
    }

    It 'does not change its numbers when it is done' {
        $batch = 'a hen' | Start-NbBatch -Destination (Join-Path $TestDrive done) -Wait
        $batch.Summary | Should -Be $batch.Summary
    }

    It 'leaves a page to review it by' {
        $batch = 'a fox' | Start-NbBatch -Destination page -Wait
        $batch.Report | Should -Be (Join-Path $PWD page report.html)
        $batch.Report | Should -Exist
        $written = (Get-Item $batch.Report).LastWriteTimeUtc
        Start-NbBatch -Destination page -Wait | Out-Null
        (Get-Item $batch.Report).LastWriteTimeUtc | Should -Be $written
    }

    It 'succeeds even when its review page cannot be written' {
        New-Item -ItemType Directory blocked/report.html | Out-Null
        $batch = 'a fox' | Start-NbBatch -Destination blocked -Wait -WarningVariable told -WarningAction SilentlyContinue
        $batch.State | Should -Be 'Completed'
        "$told" | Should -Match 'report\.html'
    }

    It 'has one ledger after its shards were received' {
        $names = 1..4 | ForEach-Object { "picture $_" }
        1..2 | ForEach-Object { $names | Start-NbBatch -Destination shards -Shard "$_/2" -Wait | Out-Null }
        @(Get-ChildItem shards -Filter ledger*).Count | Should -Be 2
        @(Receive-NbBatch -Destination shards).Count | Should -Be 4
        (Get-ChildItem shards -Filter ledger*).Name | Should -Be 'ledger.jsonl'
        @(Receive-NbBatch -Destination shards).Count | Should -Be 4
        (Get-NbUsage shards -GroupBy None).Rehearsals | Should -Be 4
    }

    It 'reports once why it had to stop' {
        1..9 | ForEach-Object { "picture $_" } | Start-NbBatch -Destination poor -Wait -MaxCost 0.15 -ErrorVariable failed -ErrorAction SilentlyContinue | Out-Null
        $failed | ForEach-Object { Get-NbErrorId $_ } | Should -Be 'Nb.Budget.Exceeded'
        "$failed" | Should -Match '^\d items were not sent because the batch had to stop: '
    }

    It 'writes nothing for -WhatIf' {
        $image | Set-NbAnchor -Name fox
        @{ prompt = 'with an anchor'; anchors = 'fox' } | Start-NbBatch -Destination untouched -WhatIf
        'untouched' | Should -Not -Exist
        @{ prompt = 'with an anchor'; anchors = 'fox' } | Start-NbBatch -Destination touched -Wait | ForEach-Object State | Should -Be 'Completed'
    }

    It 'reads a manifest''s file, however it is given' {
        Set-Content (Join-Path $TestDrive plan.json) '{ "items": [ { "name": "otter", "prompt": "an otter" } ] }'
        Push-Location $TestDrive
        try {
            (Measure-NbCost plan.json).Name | Should -Be 'otter'
            (Get-Item plan.json | Measure-NbCost).Name | Should -Be 'otter'
            (Get-Item plan.json | Start-NbBatch -Destination planned -Wait).Items.Name | Should -Be 'otter'
        }
        finally { Pop-Location }
    }

    It 'does not use another file''s path as a prompt' {
        Set-Content (Join-Path $TestDrive table.csv) 'name,prompt', 'otter,an otter'
        Push-Location $TestDrive
        try {
            foreach ($given in 'table.csv', (Get-Item table.csv), @('a fox', 'table.csv')) {
                { $given | Start-NbBatch -Destination tabled -Wait } | Should -Throw -ErrorId 'Nb.Request.PromptIsPath*'
            }
            Test-Path tabled | Should -BeFalse
            ('no-such-table.csv' | Measure-NbCost).Prompt | Should -Be 'no-such-table.csv'
        }
        finally { Pop-Location }
    }

    It 'refuses empty input' {
        { $null | Start-NbBatch -Destination none } | Should -Throw -ErrorId 'Nb.Manifest.Empty*'
    }

    It 'names the item that failed' {
        'a fox', 'a hare [[NO_IMAGE]]' | Start-NbBatch -Destination failing -Wait -ErrorVariable failed -ErrorAction SilentlyContinue | Out-Null
        $failed[0].TargetObject | Should -Be 'a-hare-no-image'
        "$($failed[0])" | Should -BeLike 'a-hare-no-image: *'
        Get-NbErrorId $failed[0] | Should -Be 'Nb.Answer.NoImage'
    }
}

Describe 'Naming a batch' {
    BeforeAll {
        $connection = Connect-NbService -Offline
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive naming))
        $batch = 'a fox' | Start-NbBatch -Destination out1 -Wait
    }

    AfterAll {
        Pop-Location
        $connection | Disconnect-NbService
    }

    It '<_> takes a folder, typed or piped, and a batch' -ForEach 'Get-NbBatch', 'Wait-NbBatch', 'Receive-NbBatch', 'Stop-NbBatch' {
        $more = $_ -eq 'Stop-NbBatch' ? @{ PassThru = $true } : @{}
        # What was received from a batch is not received again, so that each is a new one.
        $given = @(
            & $_ out1 @more
            & $_ -Destination out1 @more
            'out1' | & $_ @more
            Get-Item out1 | & $_ @more
            Get-NbBatch out1 | & $_ @more
        )
        $given.Count | Should -Be 5
        $given | ForEach-Object { $_ -is [NanoBanana.Images.NbImage] ? (Split-Path $_.Path) : $_.Destination } | Should -Be (@($batch.Destination) * 5)
        if ($_ -ne 'Get-NbBatch') { @(& $_ $batch @more).Count | Should -Be 1 }
    }

    It 'reports a folder that is not a batch, and continues' {
        $found = Wait-NbBatch nowhere, out1 -ErrorVariable failed -ErrorAction SilentlyContinue
        Get-NbErrorId $failed[0] | Should -Be 'Nb.Batch.NotFound'
        $found.Destination | Should -Be $batch.Destination
    }
}

Describe 'A batch that another process is running' {
    BeforeAll {
        $slow = Start-SlowService
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive elsewhere))
        # Another shell: it holds the folder until it is told to end.
        $other = New-TestShell -Connection $slow.Connection
        $null = $other.AddScript("Set-Location '$PWD'; 1..3 | ForEach-Object { `"picture `$_`" } | Start-NbBatch -Destination out -Mode Batch -Connection `$connection").Invoke()
        while ((Get-NbBatch out).Summary.Submitted -lt 3) { $null = Wait-NbBatch out -TimeoutSeconds 1 }
    }

    AfterAll {
        Pop-Location
        $other.Dispose()
        Stop-TestServer $slow
    }

    It 'is running, is waited for, and stops when it is asked to' {
        (Get-NbBatch out).State | Should -Be 'Running'
        (Wait-NbBatch out -TimeoutSeconds 0).State | Should -Be 'Running'
        $ended = Stop-NbBatch out -KeepJob -PassThru
        $ended.State | Should -Be 'Submitted'
        $ended.Summary.Submitted | Should -Be 3
        $other.Commands.Clear()
        $other.AddScript('(Get-NbBatch).State').Invoke() | Should -Be 'Submitted'
    }

    It 'has its jobs canceled from here after it has ended' {
        # What was seen before: nothing is on its way there.
        $other.Commands.Clear()
        $null = $other.AddScript("'a fox' | Start-NbBatch -Destination late -Mode Batch -Connection `$connection").Invoke()
        $seen = Get-NbBatch late
        $seen.State | Should -Be 'Running'
        while ((Get-NbBatch late).Summary.Submitted -lt 1) { $null = Wait-NbBatch late -TimeoutSeconds 1 }
        $other.Commands.Clear()
        $null = $other.AddScript('Get-NbBatch late | Stop-NbBatch -KeepJob').Invoke()

        $seen | Stop-NbBatch -Connection $slow.Connection -ErrorAction SilentlyContinue -ErrorVariable failed
        Get-NbErrorId $failed[0] | Should -Be 'Nb.Batch.JobCanceled'
        (Get-NbBatch late).Summary.Submitted | Should -Be 0
    }
}

Describe 'Closing the shell' {
    BeforeAll {
        $service = [NanoBanana.Emulator.EmulatorService]::new([NanoBanana.Emulator.Settings.EmulatorOptions]@{ Latency = '00:00:01' })
        $server = [NanoBanana.Emulator.EmulatorServer]::Start($service, 0, $null)
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive exit))
    }

    AfterAll {
        Pop-Location
        $null = $server.DisposeAsync()
        $service.Dispose()
    }

    It 'waits for the images in flight and keeps them' {
        $script = "Import-Module '$modulePath'; `$null = Connect-NbService -ApiKey any -BaseUri $($server.BaseUri); " +
            "`$batch = 1..9 | ForEach-Object { `"picture `$_`" } | Start-NbBatch -Destination out -ThrottleLimit 3; " +
            'while ($batch.Summary.Running -lt 3) { $null = Wait-NbBatch $batch -TimeoutSeconds 0 }'
        $said = & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -NonInteractive -Command $script 2>&1
        "$said" | Should -Match 'Waiting for 3 images'
        $service.Statistics.BilledGenerations | Should -Be 3
        @(Get-ChildItem out -Filter *.jpg).Count | Should -Be 3
        Get-Content out/ledger.jsonl | Where-Object { $_ -match '"event":"uncertain"' } | Should -BeNullOrEmpty
    }

    # PowerShell 7.6 and its .NET end at once by themselves.
    It 'keeps and counts what <Command> has in flight at SIG<Signal>' -Skip:(-not $IsLinux) -ForEach @(
        foreach ($signal in 'HUP', 'TERM') {
            @{ Signal = $signal; Command = 'New-NbImage'; Code = $signal -eq 'HUP' ? 129 : 143; Script = 'New-NbImage -Destination {0} -ThrottleLimit 3 | Out-Null' }
            @{ Signal = $signal; Command = 'Start-NbBatch'; Code = $signal -eq 'HUP' ? 129 : 143; Script = 'Start-NbBatch -Destination {0} -ThrottleLimit 3 | Wait-NbBatch | Out-Null' }
        }
    ) {
        $folder = "$Signal-$Command"
        $before = $service.Statistics.BilledGenerations
        $requests = $service.Journal.Entries.Count
        Set-Content "$folder.ps1" ("Import-Module '$modulePath'; `$null = Connect-NbService -ApiKey any -BaseUri $($server.BaseUri); " +
            "1..30 | ForEach-Object { `"picture `$_`" } | $($Script -f $folder); 'went on' > $folder.txt")
        # Hangups are not ignored, even if whoever started these tests has them ignored: that is handed on to processes.
        $start = [Diagnostics.ProcessStartInfo]@{ FileName = 'env'; WorkingDirectory = $PWD; RedirectStandardOutput = $true; RedirectStandardError = $true }
        foreach ($argument in @('--default-signal=HUP'; Get-TestShell; '-NoProfile', '-File', "$folder.ps1")) {
            $start.ArgumentList.Add($argument)
        }
        $shell = [Diagnostics.Process]::Start($start)
        $said = $shell.StandardOutput.ReadToEndAsync()
        $failed = $shell.StandardError.ReadToEndAsync()
        while ($service.Journal.Entries.Count -eq $requests -and -not $shell.HasExited) { [Threading.Thread]::Sleep(10) }
        kill "-$Signal" $shell.Id
        $shell.WaitForExit()

        $shell.ExitCode | Should -Be $Code -Because "$($said.Result)$($failed.Result)"
        $billed = $service.Statistics.BilledGenerations - $before
        $billed | Should -BeGreaterThan 0
        $billed | Should -BeLessThan 30
        $service.Journal.Entries.Count - $requests | Should -Be $billed -Because 'all that was sent is waited for'
        @(Get-ChildItem $folder -Filter *.jpg).Count | Should -Be $billed
        (Get-NbUsage $folder | Measure-Object Answers -Sum).Sum | Should -Be $billed
        "$folder.txt" | Should -Not -Exist -Because 'a script that was told to end does nothing more'
    }
}

Describe 'Stopping a batch' {
    BeforeAll {
        $slow = Start-SlowService
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive stop))
    }

    AfterAll {
        Pop-Location
        Get-NbBatch | Where-Object State -EQ Running | Stop-NbBatch -ErrorAction SilentlyContinue
        Stop-TestServer $slow
    }

    It 'reports what it would cancel and its cost, and cancels nothing' {
        $batch = Submit-Job whatif
        $shown = & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -Command "Import-Module '$modulePath'; `$null = Connect-NbService -ApiKey any -BaseUri $($slow.Server.BaseUri); Get-NbBatch whatif | Stop-NbBatch -WhatIf"
        "$shown" | Should -Match 'cancel 1 job with 4 items .*billed and kept: \$0\.0\d{3} at most'
        $batch.State | Should -Be 'Running'
        $batch | Stop-NbBatch -KeepJob
        $batch.Summary.Submitted | Should -Be 4
    }

    It 'keeps the results made by the service' {
        $batch = Submit-Job half
        $slow.Service.Advance('12:00:00')
        $batch | Stop-NbBatch -ErrorVariable failed -ErrorAction SilentlyContinue
        $batch.Summary.Made | Should -Be 2
        $failed | ForEach-Object { Get-NbErrorId $_ } | Should -Be 'Nb.Batch.JobCanceled', 'Nb.Batch.JobCanceled'
        (Get-NbUsage half -GroupBy None).Answers | Should -Be 2
    }

    It 'cancels the jobs of a session that has ended' {
        Submit-Job gone | Stop-NbBatch -KeepJob
        $stopped = Get-NbBatch gone | Stop-NbBatch -PassThru -ErrorAction SilentlyContinue
        $stopped.Summary.Failed | Should -Be 4
        Get-ChildItem gone/.nb/jobs | Should -BeNullOrEmpty
    }
}
