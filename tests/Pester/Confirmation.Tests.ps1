BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Add-Type -Path "$PSScriptRoot/RecordingHost.cs"
    $server = Start-TestServer
    $before = New-NbImage 'a fox'

    function Invoke-Recorded {
        # Runs a script in a shell of its own whose host answers every question with no, or yes.
        param([string]$Script, [switch]$Yes)

        $screen = [RecordingHost]::new()
        $screen.Answer = $Yes ? 0 : 2
        $shell = New-TestShell $server.Connection $screen
        try {
            $sent = $server.Service.Statistics.Requests
            $output = $shell.AddScript("Set-Location '$TestDrive'; `$PSDefaultParameterValues['*-Nb*:Connection'] = `$connection; $Script").Invoke()
            [pscustomobject]@{
                Output    = $output
                Lines     = $screen.Lines -join "`n"
                Questions = $screen.Questions -join "`n"
                Errors    = $shell.Streams.Error
                Sent      = $server.Service.Statistics.Requests - $sent
            }
        }
        finally {
            $shell.Runspace.Dispose()
            $shell.Dispose()
        }
    }
}

AfterAll { Stop-TestServer $server }

Describe '-WhatIf' {
    It 'says what would be asked of whom for how much, and sends nothing' {
        $run = Invoke-Recorded 'New-NbImage "a fox in the snow" -Count 3 -WhatIf'
        $run.Sent | Should -Be 0
        $run.Output | Should -BeNullOrEmpty
        $run.Lines | Should -Match 'What if: Ask gemini-nano-banana-2\.1 for 3 images, about \$0\.10\d\d: a fox in the snow'
    }

    It 'is respected as a preference, and -Force does not override it' {
        (Invoke-Recorded '$WhatIfPreference = $true; New-NbImage x -Force; New-NbImage x').Sent | Should -Be 0
    }

    It 'writes and removes nothing' {
        $run = Invoke-Recorded @'
$image = New-NbImage x
$image | Set-NbAnchor keep
$image | Save-NbImage -Destination nowhere -Force -WhatIf
$image | Set-NbAnchor gone -WhatIf
Remove-NbAnchor keep -WhatIf
(Get-NbAnchor).Name
Test-Path nowhere
'@
        $run.Output | Should -Be 'keep', $false
        $run.Lines | Should -Match 'What if: Save \w+ \(image/jpeg, \d+ KB\) and its conversation in .+nowhere as x'
        $run.Sent | Should -Be 1
    }
}

Describe '-Confirm' {
    It 'says what it costs, and no means no' {
        $run = Invoke-Recorded '"a","b" | New-NbImage -Confirm'
        $run.Questions | Should -Match 'about \$0\.03\d\d: a\nGo on\?'
        $run.Sent | Should -Be 0
        $run.Errors | Should -BeNullOrEmpty
    }

    It 'yes means yes' {
        (Invoke-Recorded 'New-NbImage a -Confirm' -Yes).Output | Should -HaveCount 1
    }

    It 'is asked when $ConfirmPreference says so, and -Force skips it' {
        $run = Invoke-Recorded '$ConfirmPreference = "Low"; New-NbImage a; New-NbImage b -Force | Save-NbImage -Destination out -Force'
        $run.Questions -split "`n" -match 'Ask' | Should -HaveCount 1
        $run.Sent | Should -Be 1
        $run.Output | Should -HaveCount 1
    }

    It 'is not asked by default' {
        (Invoke-Recorded 'New-NbImage a').Questions | Should -BeNullOrEmpty
    }
}
