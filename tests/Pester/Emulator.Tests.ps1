# The emulator's cmdlets in the real engine: what starts, what it rehearses, what it received, and that it ends.

BeforeAll {
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')
    $path = Join-Path $module 'NanoBanana.PowerShell.psd1' | Resolve-Path
    Import-Module $path -Force

    function Get-ErrorId($ErrorRecord) { ($ErrorRecord.FullyQualifiedErrorId -split ',')[0] }

    function Test-Listening([int]$Port) {
        $client = [Net.Sockets.TcpClient]::new()
        try { $client.Connect('127.0.0.1', $Port); $true }
        catch [Net.Sockets.SocketException] { $false }
        finally { $client.Dispose() }
    }

    function Get-Status($Emulator, [hashtable]$Headers = @{ 'x-goog-api-key' = 'k' }) {
        (Invoke-WebRequest "$($Emulator.BaseUri)v1beta/models" -Headers $Headers -SkipHttpErrorCheck).StatusCode
    }
}

Describe 'An emulator' {
    AfterEach {
        Disconnect-NbService
        Stop-NbEmulator
    }

    Context 'Start-NbEmulator' {
        It 'draws for a connection to its address' {
            Connect-NbService -BaseUri (Start-NbEmulator).BaseUri -ApiKey x > $null
            (New-NbImage 'a fox').Width | Should -Be 1024
            (Get-NbEmulator).Statistics.BilledGenerations | Should -Be 1
        }

        It 'listens on this machine only' {
            (Start-NbEmulator).BaseUri.Host | Should -Be '127.0.0.1'
        }

        It 'takes any key, or the one that is named' {
            $any = Start-NbEmulator
            $one = Start-NbEmulator -ApiKey right
            Get-Status $any | Should -Be 200
            Get-Status $one | Should -Be 400
            Get-Status $one @{ 'x-goog-api-key' = 'right' } | Should -Be 200
        }

        It 'requires the token if there is one' {
            $emulator = Start-NbEmulator -Token secret
            Get-Status $emulator | Should -Be 401
            Get-Status $emulator @{ Authorization = 'Bearer secret' } | Should -Be 200
        }

        It 'refuses <Name>' -ForEach @(
            @{ Name = 'other machines without a token'; Parameters = @{ Address = '0.0.0.0' }; Id = 'Nb.Emulator.TokenRequired' }
            @{ Name = 'an unknown fault'; Parameters = @{ Fault = 'rainbow' }; Id = 'Nb.Emulator.UnknownFault' }
            @{ Name = 'a rule with an unknown setting'; Parameters = @{ Fault = @{ fault = 'hang'; color = 1 } }; Id = 'Nb.Emulator.FaultScriptInvalid' }
            @{ Name = 'text that is not JSON'; Parameters = @{ Fault = '{"faults":' }; Id = 'Nb.Emulator.FaultScriptInvalid' }
            @{ Name = 'a time without a unit'; Parameters = @{ Latency = 5 }; Id = 'ParameterArgumentTransformationError' }
            @{ Name = 'a port there is not'; Parameters = @{ Port = 70000 }; Id = 'ParameterArgumentValidationError' }
        ) {
            $failure = { Start-NbEmulator @Parameters } | Should -Throw -PassThru
            Get-ErrorId $failure | Should -Be $Id
            Get-NbEmulator | Should -BeNullOrEmpty
        }

        It 'says that a port is taken' {
            $first = Start-NbEmulator
            $failure = { Start-NbEmulator -Port $first.Port } | Should -Throw -PassThru
            Get-ErrorId $failure | Should -Be 'Nb.Emulator.CannotListen'
        }

        It 'starts nothing under -WhatIf' {
            Start-NbEmulator -WhatIf | Should -BeNullOrEmpty
            Get-NbEmulator | Should -BeNullOrEmpty
        }

        It 'shows no secret' {
            $emulator = Start-NbEmulator -ApiKey 'key-of-gold' -Token 'key-of-gold'
            ($emulator | Format-List * | Out-String) + ($emulator | ConvertTo-Json -Depth 5) | Should -Not -Match 'key-of-gold'
        }

        It 'completes the names of faults' {
            (TabExpansion2 'Start-NbEmulator -Fault resetB').CompletionMatches.CompletionText | Should -Be 'resetBefore'
        }
    }

    Context 'The faults' {
        It 'come from <From>' -ForEach @(
            @{ From = 'a name'; Fault = { 'unavailable' } }
            @{ From = 'a name in another case'; Fault = { 'UNAVAILABLE' } }
            @{ From = 'a rule'; Fault = { @{ Fault = 'Unavailable'; Nth = 1 } } }
            @{ From = 'a list of names and rules'; Fault = { 'oddOrder', @{ fault = 'unavailable'; every = 1 } } }
            @{ From = 'an object'; Fault = { '{"fault":"unavailable","nth":[1]}' | ConvertFrom-Json } }
            @{ From = 'a script as hashtable'; Fault = { @{ seed = 7; faults = @{ fault = 'unavailable'; probability = 1.0 } } } }
            @{ From = 'a script as JSON'; Fault = { '{"seed":7,"faults":[{"fault":"unavailable"}]}' } }
            @{ From = 'a file'; Fault = { '{"faults":[{"fault":"unavailable"}] /* all */ }' | Set-Content (Join-Path $TestDrive f.json); Join-Path $TestDrive f.json } }
        ) {
            $emulator = Start-NbEmulator -Fault (& $Fault)
            $emulator.Faults | Should -Contain 'unavailable'
            Get-Status $emulator | Should -Be 503
            $emulator.Statistics.Faults['unavailable'] | Should -Be 1
        }

        It 'apply to an offline connection too' {
            Connect-NbService -Offline -Fault @{ fault = 'noImage' } > $null
            New-NbImage 'a fox' -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            Get-ErrorId $failures[0] | Should -BeLike 'Nb.*'
        }
    }

    Context 'Get-NbEmulator' {
        It 'shows the received requests without key and bytes' {
            $emulator = Start-NbEmulator
            Connect-NbService -BaseUri $emulator.BaseUri -ApiKey 'key-of-gold' > $null
            New-NbImage 'a fox' | Invoke-NbEdit 'a hat' > $null
            $entries = @(Get-NbEmulator -Journal)
            $entries.Number | Should -Be 1, 2
            $entries.Path | Select-Object -Unique | Should -BeLike '/v1/models/*:generateContent'
            $entries.IsBilled | Should -Be $true, $true
            ($entries[1].Body | ConvertFrom-Json).contents[1].parts.thoughtSignature | Select-Object -First 1 | Should -Match '^sha256:[0-9a-f]{64} bytes:\d+$'
            $entries | ConvertTo-Json -Depth 6 | Should -Not -Match 'key-of-gold'
        }

        It 'shows what answers an offline connection' {
            Connect-NbService -Offline > $null
            New-NbImage 'a fox' > $null
            (Get-NbEmulator).BaseUri | Should -BeNullOrEmpty
            @(Get-NbEmulator -Journal).Count | Should -Be 1
        }

        It 'finds one by its port, and reports another' {
            $one, $two = (Start-NbEmulator), (Start-NbEmulator)
            (Get-NbEmulator $two.Port).BaseUri | Should -Be $two.BaseUri
            Get-NbEmulator $one, $two | Should -HaveCount 2
            Get-NbEmulator 1 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            Get-ErrorId $failures[0] | Should -Be 'Nb.Emulator.NotFound'
        }

        It 'advances the clock' {
            $emulator = Start-NbEmulator
            $before = (Invoke-WebRequest "$($emulator.BaseUri)emulator/statistics").Headers.Date
            $emulator.Advance('49:00:00')
            ([datetime]"$((Invoke-WebRequest "$($emulator.BaseUri)emulator/statistics").Headers.Date)" - [datetime]"$before").TotalHours | Should -BeGreaterThan 48
        }
    }

    Context 'Stop-NbEmulator' {
        It 'stops all or the piped one, and shows their statistics' {
            $one, $two, $three = (Start-NbEmulator), (Start-NbEmulator), (Start-NbEmulator)
            $one | Stop-NbEmulator
            Stop-NbEmulator $two
            Test-Listening $one.Port | Should -BeFalse
            Test-Listening $three.Port | Should -BeTrue
            Get-Status $three > $null
            $stopped = Stop-NbEmulator -PassThru
            $stopped.IsRunning | Should -BeFalse
            $stopped.Statistics.Requests | Should -Be 1
            Get-NbEmulator | Should -BeNullOrEmpty
        }

        It 'stops nothing under -WhatIf' {
            $emulator = Start-NbEmulator
            Stop-NbEmulator -WhatIf
            Test-Listening $emulator.Port | Should -BeTrue
        }

        It 'does not stop the emulator of a connection' {
            Connect-NbService -Offline > $null
            Get-NbEmulator | Stop-NbEmulator -ErrorVariable failures -ErrorAction SilentlyContinue
            Get-ErrorId $failures[0] | Should -Be 'Nb.Emulator.OfConnection'
            (New-NbImage 'a fox').Width | Should -Be 1024
        }

        It 'is not needed before removing the module' {
            $emulator = Start-NbEmulator
            Remove-Module NanoBanana.PowerShell
            $emulator.IsRunning | Should -BeFalse
            Test-Listening $emulator.Port | Should -BeFalse
            Import-Module $path
        }
    }

    Context 'A runspace' {
        It 'has its own emulators' {
            $emulator = Start-NbEmulator
            $shell = [powershell]::Create()
            try {
                $shell.AddScript('param($path) Import-Module $path; Get-NbEmulator; Stop-NbEmulator').AddArgument($path).Invoke() | Should -BeNullOrEmpty
            }
            finally {
                $shell.Dispose()
            }
            Get-Status $emulator | Should -Be 200
        }
    }
}
