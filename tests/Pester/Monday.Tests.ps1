# The script of examples/monday as an ops engineer meets it: in a shell of its own, against a service with faults, stopped and started again.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $script = Resolve-Path "$PSScriptRoot/../../examples/monday/Update-Campaign.ps1"

    function Start-Monday {
        # Starts the script in a process; -StopAt asks it to end once so many images were paid for.
        param($Server, [string]$Destination, [string[]]$Argument = @(), [int]$StopAt)

        $line = "Import-Module '$modulePath'; & '$script' -Destination '$Destination' -Edition W48 $Argument; exit `$LASTEXITCODE"
        $program, $first = Get-TestShell
        $start = [Diagnostics.ProcessStartInfo]::new($program)
        @($first | Where-Object { $_ }) + '-NoProfile', '-NonInteractive', '-Command', $line | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $start.Environment['GEMINI_API_KEY'] = $secretKey
        $start.Environment['GOOGLE_GEMINI_BASE_URL'] = $Server.Server.BaseUri
        $null = $start.Environment.Remove('GOOGLE_API_KEY')
        $process = [Diagnostics.Process]::Start($start)
        $output = $process.StandardOutput.ReadToEndAsync()
        $problems = $process.StandardError.ReadToEndAsync()
        if ($StopAt) {
            while (-not $process.HasExited -and (Get-Billed $Server) -lt $StopAt) { Start-Sleep -Milliseconds 20 }
            & kill -TERM $process.Id
        }
        $process.WaitForExit()
        [pscustomobject]@{ ExitCode = $process.ExitCode; Output = "$($output.Result)$($problems.Result)" }
    }
}

Describe 'Monday, <Mode>' -Skip:$IsWindows -ForEach @(@{ Mode = 'Live'; Last = @() }, @{ Mode = 'Batch'; Last = @('-NoReport') }) {
    BeforeAll {
        $faults = '[{"fault":"rateLimit","nth":5,"retryDelay":"20ms"},{"fault":"unavailable","nth":[30,90]},{"fault":"latency","delay":"150ms"}]'
        $server = Start-TestServer $faults
        $folder = Join-Path $TestDrive $Mode
    }

    AfterAll {
        Stop-TestServer $server
    }

    It 'continues twice where it was stopped, and pays for 200 pictures' {
        $first = Start-Monday $server $folder '-Mode', $Mode, '-NoReport' -StopAt 30
        $first.ExitCode | Should -Not -Be 0
        $null = Start-Monday $server $folder '-Mode', $Mode, '-NoReport' -StopAt 110
        $last = Start-Monday $server $folder ('-Mode', $Mode + $Last)
        $last.ExitCode | Should -Be 0 -Because $last.Output
        @(Get-ChildItem $folder -Filter product-*.jpg) | Should -HaveCount 200
        Get-Billed $server | Should -Be 200
        (Get-NbUsage $folder | Measure-Object Cost -Sum).Sum | Should -Be $server.Service.Statistics.BilledUsd
        (Import-NbImage (Join-Path $folder product-001.jpg)).Anchors | Should -Be 'pip'
    }

    It 'leaves a log with a line for each item, and a page to send by mail' {
        $lines = Get-Content (Join-Path $folder campaign.log)
        @($lines -match '200 items') | Should -Not -BeNullOrEmpty
        @($lines -match ' product-\d{3} (Succeeded|UpToDate) (\$0\.\d+|-)') | Should -Not -BeNullOrEmpty
        if ($Mode -eq 'Live') { Get-Content -Raw (Join-Path $folder campaign.html) | Should -Match 'data:image' }
    }

    It 'has nothing to do for the same edition' {
        (Start-Monday $server $folder '-Mode', $Mode, '-NoReport').ExitCode | Should -Be 0
        Get-Billed $server | Should -Be 200
    }
}

Describe 'Monday, with too little money' -Skip:$IsWindows {
    It 'stops within the budget, and says so' {
        $server = Start-TestServer
        $run = Start-Monday $server (Join-Path $TestDrive poor) '-MaxCost', '1', '-NoReport'
        $run.ExitCode | Should -Be 3 -Because $run.Output
        $server.Service.Statistics.BilledUsd | Should -BeLessOrEqual 1
        Stop-TestServer $server
    }
}
