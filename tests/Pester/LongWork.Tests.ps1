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

    It 'tells what is done, what is in the air, and what it cost so far' {
        $made | Should -HaveCount 2
        $records[0].Activity | Should -Be 'New-NbImage'
        $records.StatusDescription | Should -Contain '0 done, 2 in the air, $0.0000 so far'
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

    It 'is completed too when nobody wants more' {
        $slow = Start-TestServer '[{"fault":"latency","nth":1,"delay":"700ms"},{"fault":"hang","nth":2}]'
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
        @{ Name = 'New-NbImage'; Fault = '[{"fault":"hang"}]'; Script = '1..3 | New-NbImage -Connection $connection' }
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
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Runspace.Dispose()
            Stop-TestServer $server
        }
    }
}
