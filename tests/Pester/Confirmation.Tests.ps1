BeforeDiscovery {
    . "$PSScriptRoot/Support.ps1"
    # One line for each command that sends, writes or removes: it must do none of that under -WhatIf.
    $deeds = @{
        'Compare-NbImage'      = 'Compare-NbImage fox.jpg -Reference fox.jpg -OutFile sheet.png'
        'Convert-NbImage'      = 'Convert-NbImage fox.jpg -Width 32 -Destination small'
        'Edit-NbImage'         = 'Edit-NbImage hat fox.jpg -Destination edits'
        'Export-NbReport'      = 'Export-NbReport .'
        'Invoke-NbEdit'        = 'Invoke-NbEdit hat fox.jpg -Destination edits'
        'New-NbCharacterSheet' = 'New-NbCharacterSheet "a robot" -Destination sheet'
        'New-NbContactSheet'   = 'New-NbContactSheet fox.jpg -OutFile sheet.png'
        'New-NbImage'          = 'New-NbImage "an owl" -Destination new'
        'New-NbPrompt'         = 'New-NbPrompt sticker subject=fox'
        'Remove-NbAnchor'      = 'Remove-NbAnchor kept -Library library; Remove-NbAnchor kept'
        'Remove-NbBackground'  = 'Remove-NbBackground fox.jpg -OutFile clear.png'
        'Remove-NbBlob'        = 'Get-NbBlob . -Orphan | Remove-NbBlob'
        'Save-NbImage'         = 'Import-NbImage fox.jpg | Save-NbImage -Destination saved'
        'Set-NbAnchor'         = 'Set-NbAnchor gone fox.jpg -Library library; Set-NbAnchor gone fox.jpg'
        'Start-NbBatch'        = '"a","b" | Start-NbBatch -Destination batch -Wait'
        'Start-NbEmulator'     = 'Start-NbEmulator'
        'Stop-NbBatch'         = 'Get-NbBatch | Stop-NbBatch'
        'Stop-NbEmulator'      = 'Stop-NbEmulator'
    }
    $asking = Get-Command -Module NanoBanana.PowerShell | Where-Object { $_.Parameters.ContainsKey('WhatIf') } |
        ForEach-Object { @{ Command = $_.Name; Deed = $deeds[$_.Name] } }
    $looksAtPixels = 'Compare-NbImage', 'Convert-NbImage', 'New-NbContactSheet', 'Remove-NbBackground'
    if (-not (Test-Path (Join-Path (Split-Path $modulePath) Dependencies/NanoBanana.Imaging))) {
        $asking = $asking | Where-Object { $_.Command -notin $looksAtPixels }
    }
}

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
    It 'of <Command> sends, writes and removes nothing, and says what it would' -ForEach $asking {
        $Deed | Should -Not -BeNullOrEmpty -Because "the table above must have a line for $Command"
        $folder = Join-Path $TestDrive "whatif-$Command"
        $prepared = @"
Set-Location (New-Item -ItemType Directory '$folder' -Force)
New-NbImage 'a fox' -OutFile fox.jpg | Set-NbAnchor kept
Set-NbAnchor kept fox.jpg -Library library
New-NbImage 'a lost fox' -OutFile lost.jpg | Out-Null
Remove-Item lost.jpg*
`$running = Start-NbEmulator
'a hen' | Start-NbBatch -Destination made -Wait | Out-Null
function Get-State {
    @(Get-ChildItem . -Recurse -Force -File | Sort-Object FullName | ForEach-Object { "`$(`$_.FullName) `$(`$_.Length) `$(`$_.LastWriteTimeUtc.Ticks)" }
    (Get-NbAnchor).Name; (Get-NbEmulator).IsRunning; (Get-NbBatch).Destination) -join "`n"
}
`$before = Get-State
"@
        $run = Invoke-Recorded "$prepared; `$WhatIfPreference = `$true; $Deed | Out-Null; `$WhatIfPreference = `$false; `$before -ceq (Get-State); `$running | Stop-NbEmulator"
        # Two foxes and a hen.
        $run.Sent | Should -Be 3
        $run.Output[-1] | Should -BeTrue
        $run.Lines | Should -Match 'What if: '
        $run.Errors | Should -BeNullOrEmpty
    }

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

    It 'of <Command> asks before anything is done, and -Force skips the question' -ForEach @(
        @{ Command = 'New-NbImage a'; Sends = 1 }
        @{ Command = 'Invoke-NbEdit a fox.jpg'; Sends = 1 }
        @{ Command = 'New-NbCharacterSheet "a robot" -View front'; Sends = 1 }
        @{ Command = 'Import-NbImage fox.jpg | Save-NbImage -Destination copied'; Sends = 0 }
    ) {
        $server.Service.Journal.Clear()
        [IO.File]::WriteAllBytes((Join-Path $TestDrive fox.jpg), $before.GetBytes())
        $no = Invoke-Recorded "$Command -Confirm"
        $no.Questions | Should -Match '(about \$0\.0\d{3}:|Save \w)'
        $no.Output | Should -BeNullOrEmpty
        $no.Sent | Should -Be 0
        $forced = Invoke-Recorded "`$ConfirmPreference = 'Low'; $Command -Force"
        $forced.Questions | Should -BeNullOrEmpty
        $forced.Output | Should -HaveCount 1
        $forced.Sent | Should -Be $Sends
    }

    It 'of a batch says the cost of all of it' {
        (Invoke-Recorded '"a","b" | Start-NbBatch -Destination asked -Wait -Confirm').Questions | Should -Match 'Make 2 of 2 images in .+asked, about \$0\.0\d{3} live'
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

    It 'is asked by -ErrorAction Inquire when an item fails' {
        $run = Invoke-Recorded '"[[IMAGE_SAFETY]]","b" | New-NbImage -ErrorAction Inquire' -Yes
        $run.Questions | Should -Match 'The service gave no image|IMAGE_SAFETY'
        $run.Output | Should -HaveCount 1
    }

    It 'is not asked by default' {
        (Invoke-Recorded 'New-NbImage a').Questions | Should -BeNullOrEmpty
    }
}
