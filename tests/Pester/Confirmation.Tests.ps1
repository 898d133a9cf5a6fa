BeforeDiscovery {
    . "$PSScriptRoot/Support.ps1"
    # One line for each command that sends, writes or removes: it must do none of that under -WhatIf.
    $deeds = @{
        'Copy-NbSample'        = 'Copy-NbSample samples'
        'Compare-NbImage'      = 'Compare-NbImage fox.jpg -Reference fox.jpg -OutFile sheet.png'
        'Convert-NbImage'      = 'Convert-NbImage fox.jpg -Width 32 -Destination small'
        'Edit-NbImage'         = 'Edit-NbImage hat fox.jpg -Destination edits'
        'Export-NbReport'      = 'Export-NbReport .'
        'Invoke-NbEdit'        = 'Invoke-NbEdit hat fox.jpg -Destination edits'
        'Move-NbImage'         = 'Move-NbImage fox.jpg moved'
        'New-NbCharacterSheet' = 'New-NbCharacterSheet "a robot" -Destination sheet'
        'New-NbContactSheet'   = 'New-NbContactSheet fox.jpg -OutFile sheet.png'
        'New-NbImage'          = 'New-NbImage "an owl" -Destination new'
        'New-NbLocalization'   = 'New-NbLocalization fox.jpg @{ de = "Fuchs" } -Destination local'
        'New-NbPrompt'         = 'New-NbPrompt sticker subject=fox'
        'Remove-NbAnchor'      = 'Remove-NbAnchor kept -Library library; Remove-NbAnchor kept'
        'Remove-NbBackground'  = 'Remove-NbBackground fox.jpg -OutFile clear.png'
        'Remove-NbBlob'        = 'Get-NbBlob . -Orphan | Remove-NbBlob'
        'Resume-NbImage'       = 'Resume-NbImage pending'
        'Save-NbImage'         = 'Import-NbImage fox.jpg | Save-NbImage -Destination saved'
        'Set-NbAnchor'         = 'Set-NbAnchor gone fox.jpg -Library library; Set-NbAnchor gone fox.jpg'
        'Start-NbBatch'        = '"a","b" | Start-NbBatch -Destination batch -Wait'
        'Start-NbEmulator'     = 'Start-NbEmulator'
        'Start-NbWeb'          = 'Start-NbWeb web -Offline'
        'Stop-NbBatch'         = 'Get-NbBatch | Stop-NbBatch'
        'Stop-NbEmulator'      = 'Stop-NbEmulator'
        'Stop-NbWeb'           = 'Start-NbWeb web -Offline -WhatIf:$false | Out-Null; Stop-NbWeb'
        'Test-NbImage'         = 'Test-NbImage fox.jpg -Reference fox.jpg'
    }
    $asking = Get-Command -Module NanoBanana.PowerShell | Where-Object { $_.Parameters.ContainsKey('WhatIf') } |
        ForEach-Object { @{ Command = $_.Name; Deed = $deeds[$_.Name] } }
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Add-Type -Path "$PSScriptRoot/RecordingHost.cs"
    $server = Start-TestServer
    $before = New-NbImage 'a fox'
    $pathBefore = $env:PATH
    Add-TestProgram

    function Invoke-Recorded {
        # Runs a script in a shell of its own whose host answers every question with no, or yes.
        param([string]$Script, [switch]$Yes)

        $screen = [RecordingHost]::new()
        $screen.SaysYes = $Yes
        $shell = New-TestShell $server.Connection $screen
        try {
            $sent = $server.Service.Statistics.Requests
            $output = $shell.AddScript("Set-Location '$TestDrive'; `$PSDefaultParameterValues['*-Nb*:Connection'] = `$connection; $Script").Invoke()
            [pscustomobject]@{
                Output    = $output
                Lines     = $screen.Lines -join "`n"
                Questions = $screen.Questions -join "`n"
                Errors    = @($shell.Streams.Error)
                Sent      = $server.Service.Statistics.Requests - $sent
            }
        }
        finally {
            $shell.Runspace.Dispose()
            $shell.Dispose()
        }
    }
}

AfterAll {
    Stop-TestServer $server
    $env:PATH = $pathBefore
}

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
`$cut = Connect-NbService -Offline -Api Interactions -MaximumRetryCount 0 -Fault @{ fault = 'cutAfterCreated' }, @{ fault = 'resetOnArrival'; method = 'GET' }
New-NbImage 'a den' -OutFile pending/den.jpg -Connection `$cut -ErrorAction SilentlyContinue | Out-Null
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

    It 'reports the request, the model and the price, and sends nothing' {
        $run = Invoke-Recorded 'New-NbImage "a fox in the snow" -Count 3 -WhatIf'
        $run.Sent | Should -Be 0
        $run.Output | Should -BeNullOrEmpty
        $run.Lines | Should -Match 'What if: Ask gemini-nano-banana-2\.1 for 3 images, about \$0\.13\d\d: a fox in the snow'
    }

    It 'ends with the sum of several requests, all tries counted' {
        $run = Invoke-Recorded 'New-NbImage x -OutFile summed.jpg -Force | New-NbLocalization -Text @{ de = "a"; ja = "b" } -MaximumTryCount 3 -WhatIf; New-NbImage "a", "b" -MaxCost 0.05 -WhatIf'
        $run.Sent | Should -Be 1
        $run.Lines | Should -Match 'What if: In all 2 images, about \$0\.2\d+, usually at most \$0\.[34]\d+'
        $run.Lines | Should -Match 'What if: In all 2 images, about \$0\.0[89]\d+, usually at most \$0\.1\d+, of which -MaxCost allows \$0\.05'
    }

    It 'reports what the service would store, unless it is asked to store nothing' {
        $run = Invoke-Recorded @'
$asked = Connect-NbService -ApiKey any
New-NbImage 'a fox' -WhatIf
@{ name = 'a'; prompt = 'a fox' } | Start-NbBatch -Destination never -WhatIf
$asked.Storage
[pscustomobject]@{ prompt = 'an owl'; store = $false } | New-NbImage -WhatIf
(Connect-NbService -ApiKey any -Api Interactions).Storage
(Connect-NbService -ApiKey any -NoStore).Storage
(Connect-NbService -Project p -AccessToken any).Storage
'@
        $kept = 'The service keeps requests and references of paid projects for 55 days.'
        [regex]::Matches($run.Lines, "What if: $kept") | Should -HaveCount 2
        $run.Output | Should -Be $kept, 'The service keeps requests, references and answers for 55 days, without billing for one day.',
            'The service is asked to keep no copy of requests.', 'Vertex AI keeps no copy of requests.'
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
    It 'shows the cost, and sends nothing after no' {
        $run = Invoke-Recorded '"a","b" | New-NbImage -Confirm'
        $run.Questions | Should -Match 'about \$0\.04\d\d: a\nGo on\?'
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
        (Invoke-Recorded '"a","b" | Start-NbBatch -Destination asked -Wait -Confirm').Questions | Should -Match 'Make 2 of 2 images in .+asked live, about \$0\.0\d{3}, usually at most \$0\.1\d+'
    }

    It 'says what is removed or replaced: <Command>' -ForEach @(
        @{ Command = 'Remove-NbAnchor fox -Confirm'; Says = '"Remove anchor" on target "fox"' }
        @{ Command = 'Remove-NbAnchor fox -Library library -Confirm'; Says = '"Remove anchor and its pictures from ''library''" on target "fox"' }
        @{ Command = 'Set-NbAnchor fox fox.jpg -Confirm'; Says = '"Replace anchor" on target "fox"' }
        @{ Command = 'Set-NbAnchor fox fox.jpg -Library library -Confirm'; Says = '"Replace anchor in ''library''" on target "fox"' }
        @{ Command = 'Set-NbAnchor owl fox.jpg -Library library -Confirm'; Says = '"Set anchor in ''library''" on target "owl"' }
        @{ Command = 'New-NbImage lost -OutFile lost/x.jpg | Out-Null; Remove-Item lost/x.*; Get-NbBlob lost -Orphan | Remove-NbBlob -Confirm'; Says = '\(\d+ KB\)' }
        @{ Command = 'Start-NbEmulator -Confirm'; Says = '"127.0.0.1, a free port"' }
    ) {
        [IO.File]::WriteAllBytes((Join-Path $TestDrive fox.jpg), $before.GetBytes())
        $run = Invoke-Recorded "Set-NbAnchor fox fox.jpg; Set-NbAnchor fox fox.jpg -Library library; $Command"
        $run.Questions | Should -Match $Says
        $run.Errors | Should -BeNullOrEmpty
    }

    It 'is not asked for something missing: <_>' -ForEach 'Remove-NbAnchor nobody', 'Remove-NbAnchor nobody -Library nowhere' {
        $run = Invoke-Recorded "$_ -Confirm"
        $run.Questions | Should -BeNullOrEmpty
        $run.Errors | Should -HaveCount 1
    }

    It 'of a character sheet is skipped by -Force, for its anchor too' {
        $run = Invoke-Recorded '$ConfirmPreference = "Low"; New-NbCharacterSheet "a robot" -View front -SetAnchor rob -Force | Out-Null; (Get-NbAnchor).Name'
        $run.Questions | Should -BeNullOrEmpty
        $run.Output | Should -Be 'rob'
    }

    It 'sends after yes' {
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

    # With a call in flight, answering no would discard a paid image; where no one can answer, the engine's question is an error.
    It 'is not asked by -Debug, which shows the steps of a call among its bodies' {
        $run = Invoke-Recorded 'New-NbImage "a fox" -Debug'
        $run.Questions | Should -BeNullOrEmpty
        $run.Output | Should -HaveCount 1
        $run.Lines | Should -Match 'HTTP 200'
        $run.Lines | Should -Match '<< POST'
    }

    It 'is not asked by default' {
        (Invoke-Recorded 'New-NbImage a').Questions | Should -BeNullOrEmpty
    }
}

Describe 'The offer to start a new conversation from the picture alone' {
    BeforeAll {
        function Copy-Damaged {
            # An image whose conversation has lost a byte of a signature.
            param([string]$Name)

            $folder = New-Item -ItemType Directory (Join-Path $TestDrive $Name)
            $saved = $before | Save-NbImage -Destination $folder -Force
            $hash = @((Get-Content "$($saved.Path).nb.json" -Raw | ConvertFrom-Json).conversation.turns.parts.signature.sha256)[-1]
            $blob = Join-Path $folder ".nb/blobs/$($hash.Substring(0, 2))/$($hash.Substring(2))"
            $bytes = [IO.File]::ReadAllBytes($blob)
            $bytes[-1] = $bytes[-1] -bxor 1
            [IO.File]::WriteAllBytes($blob, $bytes)
            $saved.Path
        }
    }

    It 'is made for a damaged conversation; yes sends the picture alone' {
        $path = Copy-Damaged yes
        $run = Invoke-Recorded "Invoke-NbEdit 'a hat' '$path'" -Yes
        $run.Questions | Should -Match 'The conversation cannot go on: .+ has changed since it was saved'
        $run.Output.Conversation.Turns | Should -HaveCount 2
        $run.Errors | Should -BeNullOrEmpty
    }

    It 'no reports the error, and sends nothing' {
        $path = Copy-Damaged no
        $run = Invoke-Recorded "Invoke-NbEdit 'a hat' '$path'"
        $run.Questions | Should -HaveCount 1
        $run.Output | Should -BeNullOrEmpty
        Get-NbErrorId $run.Errors[0] | Should -Be 'Nb.Blob.Damaged'
        $run.Sent | Should -Be 0
    }

    It 'is made for signatures that the service rejects' {
        $strict = Start-TestServer '[{"fault":"status","nth":1,"code":400,"message":"Invalid thought_signature."}]'
        $screen = [RecordingHost]::new()
        $screen.SaysYes = $true
        $shell = New-TestShell $strict.Connection $screen
        try {
            $shell.Runspace.SessionStateProxy.SetVariable('image', $before)
            $made = $shell.AddScript('Invoke-NbEdit "a hat" $image -Connection $connection').Invoke()
            $screen.Questions | Should -HaveCount 1
            $made.Conversation.Turns | Should -HaveCount 2
            $strict.Service.Statistics.Requests | Should -Be 2
        }
        finally {
            $shell.Runspace.Dispose()
            Stop-TestServer $strict
        }
    }

    It 'is made for a conversation past the inline limit: <Answer> sends <Turns> turns' -ForEach @(
        @{ Answer = 'yes'; Turns = 2 }
        @{ Answer = 'no'; Turns = 6 }
    ) {
        $large = Start-NbEmulator -Big
        $other = Connect-NbService -ApiKey $secretKey -BaseUri $large.BaseUri
        $screen = [RecordingHost]::new()
        $screen.SaysYes = $Answer -eq 'yes'
        $shell = New-TestShell $other $screen
        try {
            $made = $shell.AddScript('$PSDefaultParameterValues["*-Nb*:Connection"] = $connection; New-NbImage "a fox" -Size 4K | Invoke-NbEdit "a hat" | Invoke-NbEdit "a coat"').Invoke()
            "$($screen.Questions)" | Should -Match 'The conversation is large'
            $made.Conversation.Turns | Should -HaveCount $Turns
        }
        finally {
            $shell.Runspace.Dispose()
            $other | Disconnect-NbService
            $large | Stop-NbEmulator
        }
    }

    It 'is made neither in a session that cannot prompt nor with -Force' {
        $path = Copy-Damaged nobody
        $forced = Invoke-Recorded "Invoke-NbEdit 'a hat' '$path' -Force" -Yes
        $forced.Questions | Should -BeNullOrEmpty
        Get-NbErrorId $forced.Errors[0] | Should -Be 'Nb.Blob.Damaged'

        $shell = New-TestShell $server.Connection
        try {
            $null = $shell.AddScript("Invoke-NbEdit 'a hat' '$path' -Connection `$connection").Invoke()
            Get-NbErrorId $shell.Streams.Error[0] | Should -Be 'Nb.Blob.Damaged'
        }
        finally { $shell.Runspace.Dispose() }
    }
}

Describe 'The question about the cost' {
    BeforeAll {
        function Invoke-Dear {
            # Over a connection of its own, that asks from 10 cents on.
            param([string]$Script, [switch]$Yes)
            $own = "`$dear = Connect-NbService -ApiKey $secretKey -BaseUri $($server.Server.BaseUri) -ConfirmCost 0.1; "
            Invoke-Recorded -Yes:$Yes ($own + '$PSDefaultParameterValues["*-Nb*:Connection"] = $dear; ' + $Script)
        }
    }

    It 'is asked once, before what could pass the threshold' {
        $run = Invoke-Dear '"a", "b", "c", "d" | New-NbImage'
        ([regex]::Matches($run.Questions, 'This could cost up to')).Count | Should -Be 1
        $run.Questions | Should -Match 'more than \$0\.10+ \(Connect-NbService -ConfirmCost\)'
        $run.Sent | Should -Be 1
        (Invoke-Dear '"a", "b", "c", "d" | New-NbImage' -Yes).Sent | Should -Be 4
    }

    It 'is asked before a batch, which is not begun after a no' {
        $run = Invoke-Dear '"a", "b", "c" | Start-NbBatch -Destination dear -Wait'
        $run.Sent | Should -Be 0
        Join-Path $TestDrive dear | Should -Not -Exist
        (Invoke-Dear '"a", "b", "c" | Start-NbBatch -Destination dear -Wait' -Yes).Sent | Should -Be 3
    }

    It 'is answered by <_>' -ForEach '-MaxCost 4', '-Force', '-Confirm:$false' {
        $run = Invoke-Dear "'a', 'b', 'c' | New-NbImage $_"
        $run.Questions | Should -BeNullOrEmpty
        $run.Sent | Should -Be 3
    }
}
