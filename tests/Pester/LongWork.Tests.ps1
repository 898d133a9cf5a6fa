BeforeAll { . "$PSScriptRoot/Support.ps1" }

Describe 'Progress' {
    BeforeAll {
        $server = Start-TestServer '[{"fault":"latency","delay":"900ms"},{"fault":"rateLimit","nth":2,"retryDelay":"700ms"}]'
        $shell = New-TestShell $server.Connection
        $made = $shell.AddScript('"a","b" | New-NbImage -Connection $connection').Invoke()
        $records = @($shell.Streams.Progress)
    }

    AfterAll {
        $shell.Runspace.Dispose()
        Stop-TestServer $server
    }

    It 'reports finished images, calls in flight, and the cost so far' {
        $made | Should -HaveCount 2
        $records[0].Activity | Should -Be 'New-NbImage'
        $records.StatusDescription | Should -Contain '0 done, 2 in flight, $0.0000 so far'
    }

    It 'has one id for the command and a child below it for trouble' {
        $parents = @($records | Where-Object ParentActivityId -LT 0)
        $parents.ActivityId | Sort-Object -Unique | Should -HaveCount 1
        $children = @($records | Where-Object ParentActivityId -GE 0)
        $children.Activity -match 'Nb\.Service\.RateLimited' | Should -Not -BeNullOrEmpty
        $children[0].ParentActivityId | Should -Be $parents[0].ActivityId
    }

    It 'ends with a completed record for each' {
        foreach ($group in $records | Group-Object ActivityId) {
            $group.Group[-1].RecordType | Should -Be 'Completed'
        }
    }

    It 'is completed when the pipeline stops early' {
        $slow = Start-TestServer '[{"fault":"latency","delay":"700ms"}]'
        $other = New-TestShell $slow.Connection
        try {
            $other.AddScript('"a","b" | New-NbImage -Connection $connection | Select-Object -First 1').Invoke() | Should -HaveCount 1
            @($other.Streams.Progress)[-1].RecordType | Should -Be 'Completed'
        }
        finally {
            $other.Runspace.Dispose()
            Stop-TestServer $slow
        }
    }

    It 'is completed too after <Name>' -ForEach @(
        @{ Name = 'an error that ends the pipeline'; Fault = '[{"fault":"latency","delay":"500ms"},{"fault":"status","code":401}]'; Script = '"a" | New-NbImage -Connection $connection' }
        @{ Name = '-ErrorAction Stop'; Fault = '[{"fault":"latency","delay":"500ms"},{"fault":"status","code":400}]'; Script = '"a","b" | New-NbImage -Connection $connection -ErrorAction Stop' }
        @{ Name = 'an error further down'; Fault = '[{"fault":"latency","delay":"500ms"}]'; Script = '"a","b" | New-NbImage -Connection $connection | ForEach-Object { throw "no more" }' }
    ) {
        $slow = Start-TestServer $Fault
        $other = New-TestShell $slow.Connection
        try {
            try { $null = $other.AddScript($Script).Invoke() } catch { Write-Debug "$_" }
            $other.HadErrors | Should -BeTrue
            $shown = @($other.Streams.Progress)
            $shown | Should -Not -BeNullOrEmpty
            foreach ($group in $shown | Group-Object ActivityId) { $group.Group[-1].RecordType | Should -Be 'Completed' }
        }
        finally {
            $other.Runspace.Dispose()
            Stop-TestServer $slow
        }
    }

    It 'is throttled to five records a second' {
        $slow = Start-TestServer '[{"fault":"latency","delay":"60ms"}]'
        $other = New-TestShell $slow.Connection
        try {
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $null = $other.AddScript('[string[]](1..40) | New-NbImage -Connection $connection -ThrottleLimit 2').Invoke()
            $shown = @($other.Streams.Progress | Where-Object RecordType -EQ 'Processing')
            $shown | Should -Not -BeNullOrEmpty
            $shown.Count | Should -BeLessOrEqual ([Math]::Ceiling($clock.Elapsed.TotalSeconds * 5))
        }
        finally {
            $other.Runspace.Dispose()
            Stop-TestServer $slow
        }
    }

    It 'of a character sheet is one bar that grows from view to view' {
        $slow = Start-TestServer '[{"fault":"latency","delay":"450ms"}]'
        $other = New-TestShell $slow.Connection
        try {
            $null = $other.AddScript('New-NbCharacterSheet "a robot" -View front, side -Connection $connection').Invoke()
            $shown = @($other.Streams.Progress)
            $shown.RecordType -eq 'Completed' | Should -HaveCount 1
            $shown[-1].RecordType | Should -Be 'Completed'
            $shown.PercentComplete | Where-Object { $_ -ge 0 } | Sort-Object -Unique | Should -Be 0, 50
        }
        finally {
            $other.Runspace.Dispose()
            Stop-TestServer $slow
        }
    }

    It 'is silent when there is nothing to wait for' {
        $quick = Connect-NbService -Offline
        $other = New-TestShell $quick
        try {
            $null = $other.AddScript('Get-NbModel -Connection $connection; Get-NbConnection').Invoke()
            $other.Streams.Progress | Should -BeNullOrEmpty
        }
        finally {
            $other.Runspace.Dispose()
            $quick | Disconnect-NbService
        }
    }
}

Describe 'Ctrl+C' {
    It 'ends <Name> while the service hangs' -ForEach @(
        @{ Name = 'New-NbImage'; Fault = '[{"fault":"hang"}]'; Script = '[string[]](1..3) | New-NbImage -ThrottleLimit 1 -Connection $connection' }
        @{ Name = 'Invoke-NbEdit'; Fault = '[{"fault":"hang"}]'; Script = ', [byte[]][convert]::FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") | Invoke-NbEdit x -Connection $connection' }
        @{ Name = 'New-NbCharacterSheet'; Fault = '[{"fault":"hang"}]'; Script = 'New-NbCharacterSheet x -Connection $connection' }
        @{ Name = 'Get-NbModel -Available'; Fault = '[{"fault":"hang"}]'; Script = 'Get-NbModel -Available -Connection $connection' }
        @{ Name = 'Start-NbBatch -Wait'; Fault = '[{"fault":"hang"}]'; Script = '"a" | Start-NbBatch -Wait -Destination (Join-Path ([IO.Path]::GetTempPath()) "nb-stopped-$([guid]::NewGuid())") -Connection $connection' }
        @{ Name = 'a wait between tries'; Fault = '[{"fault":"retryAfter","retryDelay":"200"}]'; Script = 'New-NbImage x -Connection $connection' }
    ) {
        $server = Start-TestServer $Fault
        $shell = New-TestShell $server.Connection
        try {
            $running = $shell.AddScript($Script).BeginInvoke()
            # The journal tells when the request has arrived: from then on the command hangs.
            # Polled: a script block as predicate would want this very runspace, which would be waiting for it.
            while ($server.Service.Journal.Entries.Count -eq 0) { [Threading.Thread]::Yield() | Out-Null }
            $clock = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            Write-Information "stopped after $($clock.ElapsedMilliseconds) ms" -InformationAction Continue
            $running.IsCompleted | Should -BeTrue
            $server.Service.Journal.Entries | Should -HaveCount 1 -Because 'nothing more is sent'
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Runspace.Dispose()
            Stop-TestServer $server
        }
    }

    It 'is followed by one notice about calls that may be billed' {
        $server = Start-TestServer '[{"fault":"hang","nth":[1,2]}]'
        $shell = New-TestShell $server.Connection
        try {
            $null = $shell.AddScript('[string[]](1..3) | New-NbImage -ThrottleLimit 2 -Connection $connection').BeginInvoke()
            while ($server.Service.Journal.Entries.Count -lt 2) { [Threading.Thread]::Yield() | Out-Null }
            $shell.Stop()
            foreach ($time in 1, 2) {
                $shell.Commands.Clear()
                $shell.AddScript('New-NbImage "a fox" -Connection $connection').Invoke() | Should -HaveCount 1
            }
            $shell.Streams.Warning | Should -HaveCount 1
            "$($shell.Streams.Warning)" | Should -Match '^New-NbImage ended with 2 calls in flight: .* may be billed, \$0\.\d{4} at most\.$'
        }
        finally {
            $shell.Runspace.Dispose()
            Stop-TestServer $server
        }
    }

    It 'causes no notice after a completed command' {
        $quick = Connect-NbService -Offline
        New-NbImage '[[IMAGE_SAFETY]]', 'a fox' -Connection $quick -ErrorAction Ignore | Out-Null
        New-NbImage 'a hen' -Connection $quick -WarningVariable told | Out-Null
        $told | Should -BeNullOrEmpty
        $quick | Disconnect-NbService
    }
}
