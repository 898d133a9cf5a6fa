# The engine double (tests/EngineDouble) is what we believe of the engine. Here the real engine answers the same
# questions about the same sample cmdlets as tests/NanoBanana.PowerShell.Tests/Double does.


BeforeAll {
    $samples = Join-Path $PSScriptRoot '../NanoBanana.PowerShell.Tests/Samples' | Resolve-Path
    $usings = Join-Path $TestDrive 'Usings.cs'
    'System', 'System.Collections.Generic', 'System.Linq', 'System.Threading' |
        ForEach-Object { "global using $_;" } | Set-Content $usings
    $sources = @($usings) + (Get-ChildItem $samples -Filter *.cs).FullName
    $assembly = Join-Path $TestDrive 'Samples.dll'
    Add-Type -Path $sources -OutputAssembly $assembly -OutputType Library
    Import-Module $assembly -Force

    function Get-ErrorId($ErrorRecord) { ($ErrorRecord.FullyQualifiedErrorId -split ',')[0] }
}

Describe 'The order of calls' {
    BeforeEach { $trace = [Collections.Generic.List[string]]::new() }

    It 'processes once without input' {
        Invoke-Sample a -Value x -Trace $trace | Should -Be 'x'
        $trace | Should -Be 'a.Begin', 'a.Process(x)', 'a.End', 'a.Dispose'
    }

    It 'processes never with empty input' {
        @() | Invoke-Sample a -Trace $trace
        $trace | Should -Be 'a.Begin', 'a.End', 'a.Dispose'
    }

    It 'lets objects flow one by one' {
        'x', 'y' | Invoke-Sample a -Trace $trace | Invoke-Sample b -Trace $trace | Should -Be 'x', 'y'
        $trace | Should -Be 'a.Begin', 'b.Begin', 'a.Process(x)', 'b.Process(x)', 'a.Process(y)', 'b.Process(y)',
            'a.End', 'b.End', 'a.Dispose', 'b.Dispose'
    }

    It 'begins the next command first when one writes at its begin' {
        Invoke-Sample a -Value x -At Begin -Trace $trace | Invoke-Sample b -Trace $trace
        $trace | Should -Be 'a.Begin', 'b.Begin', 'b.Process(x)', 'a.Process(x)', 'a.End', 'b.End', 'a.Dispose', 'b.Dispose'
    }

    It 'ends the commands before Select-Object -First without their end' {
        'x', 'y' | Invoke-Sample a -Trace $trace | Select-Object -First 1 | Invoke-Sample b -Trace $trace | Should -Be 'x'
        $trace | Should -Be 'a.Begin', 'b.Begin', 'a.Process(x)', 'b.Process(x)', 'b.End', 'a.Dispose', 'b.Dispose'
    }

    It 'shows a cmdlet the stop of Select-Object -First as a stopped pipeline' {
        # In a shell of its own: a swallowed stop runs on into whatever pipeline is around it, Pester's included.
        $shell = [powershell]::Create()
        try {
            $shell.AddScript('param($assembly, $trace) Import-Module $assembly; "x" | Invoke-Sample -Do Swallow -Times 2 -Trace $trace | Select-Object -First 1').AddArgument($assembly).AddArgument($trace).Invoke()
        }
        catch [Management.Automation.RuntimeException] {
            Write-Debug "The swallowed stop surfaced: $_"
        }
        finally {
            $shell.Dispose()
        }

        $trace | Should -Contain 'saw PipelineStoppedException'
    }

    It 'ends with a thrown exception and gives its type as id' {
        $failure = { 'x', 'y' | Invoke-Sample a -Trace $trace | Invoke-Sample b -Do Throw -Trace $trace } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -Be 'System.FormatException,NanoBanana.PowerShell.Tests.Samples.InvokeSampleCommand'
        $trace | Should -Be 'a.Begin', 'b.Begin', 'a.Process(x)', 'b.Process(x)', 'a.Dispose', 'b.Dispose'
    }

    It 'keeps the record of a terminating error' {
        $failure = { Invoke-Sample -Value x -Do Terminate -Trace $trace } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -Be 'Sample.Bad,NanoBanana.PowerShell.Tests.Samples.InvokeSampleCommand'
        "$failure" | Should -Be 'it is bad'
        $failure.ErrorDetails.RecommendedAction | Should -Be 'make it good'
        "$($failure.CategoryInfo)" | Should -Be 'InvalidData: (x:String) [Invoke-Sample], FormatException'
        $trace | Should -Be 'sample.Begin', 'sample.Process(x)', 'sample.Dispose'
    }

    It 'ends with a terminating error that the cmdlet catches itself' {
        { Invoke-Sample -Do TerminateAndSwallow -Trace $trace } | Should -Throw
        $trace | Should -Contain 'saw PipelineStoppedException'
    }

    It 'goes on after an error' {
        'x', 'y' | Invoke-Sample -Do Error -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures.TargetObject | Should -Be 'x', 'y'
    }

    It 'ends with an error under -ErrorAction Stop' {
        $failure = { 'x', 'y' | Invoke-Sample -Do Error -ErrorAction Stop -Trace $trace } | Should -Throw -PassThru
        "$failure" | Should -Be 'it is bad'
        $trace | Should -Be 'sample.Begin', 'sample.Process(x)', 'sample.Dispose'
    }

    It 'refuses a write from another thread' {
        Invoke-Sample -Do WriteOnThread -Trace $trace | Should -BeNullOrEmpty
        $trace | Should -Contain 'refused'
    }

    It 'ends at the next write after Ctrl+C, and calls <Expected>' -ForEach @(
        @{ Return = $false; Expected = 'stopping', 'wait.Dispose' }
        @{ Return = $true; Expected = 'stopping', 'wait.End', 'wait.Dispose' }
    ) {
        $hanging = [Threading.ManualResetEventSlim]::new()
        $shell = [powershell]::Create()
        try {
            $shell.AddCommand('Import-Module').AddParameter('Name', $assembly).AddStatement() > $null
            $shell.AddCommand('Wait-Sample').AddParameter('Hanging', $hanging).AddParameter('Trace', $trace).AddParameter('Return', $Return) > $null
            $running = $shell.BeginInvoke()
            $hanging.Wait()
            $shell.Stop()
            $running.AsyncWaitHandle.WaitOne() > $null
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
        }

        $trace | Should -Be $Expected
    }
}

Describe 'Binding' {
    It 'binds positions in order' {
        Test-SampleBinding a friday | Should -Be 'Path: Day=Friday Path=[a]'
    }

    It 'takes short names and aliases' {
        Test-SampleBinding -pspath a -Nu '3' -force | Should -Be 'Literal: Force=True LiteralPath=[a] Number=3'
    }

    It 'takes a hashtable as it is' {
        Test-SampleBinding -Path a -Extra @{ k = 1 } | Should -Be 'Path: Extra=[k:1] Path=[a]'
    }

    It 'gives text from the pipeline to the default set' {
        'a' | Test-SampleBinding | Should -Be 'Path: Path=[a]'
    }

    It 'finds the set of an object''s type' {
        [version]'1.2' | Test-SampleBinding | Should -Be 'Version: InputObject=1.2'
    }

    It 'lets a property of all sets draw in the default set' {
        [pscustomobject]@{ PSPath = 'x'; Number = 4 } | Test-SampleBinding | Should -Be 'Path: Number=4 Path=[@{PSPath=x; Number=4}]'
    }

    It 'binds a property by its alias' {
        [pscustomobject]@{ PSPath = 'x' } | Test-SampleBinding | Should -Be 'Literal: LiteralPath=[x]'
    }

    It 'undoes what the pipeline bound before the next object, except in the list of bound parameters' {
        $objects = [pscustomobject]@{ Path = 'a'; Number = 4 }, [pscustomobject]@{ LiteralPath = 'b' }
        $objects | Test-SampleBinding 6>&1 | ForEach-Object { "$_" } |
            Should -Be 'number 4', 'Path: Number=4 Path=[a]', 'number 1', 'Literal: LiteralPath=[b] Number=4 Path=[a]'
    }

    It 'fails one object for a bad property' {
        [pscustomobject]@{ Path = 'a'; Number = 9 }, 'b' | Test-SampleBinding 2>&1 |
            Tee-Object -Variable all | Where-Object { $_ -is [string] } | Should -Be 'Path: Path=[b]'
        $failures = @($all | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        Get-ErrorId $failures[0] | Should -Be 'ParameterArgumentValidationError'
        $failures[0].TargetObject.Number | Should -Be 9
    }

    It 'refuses with <Id>' -ForEach @(
        @{ Id = 'NamedParameterNotFound'; Parameters = @{ Nope = 1 } }
        @{ Id = 'AmbiguousParameter'; Parameters = @{ P = 'a' } }
        @{ Id = 'AmbiguousParameterSet'; Parameters = @{ Path = 'a'; LiteralPath = 'b' } }
        @{ Id = 'CannotConvertArgumentNoMessage'; Parameters = @{ Path = 'a'; Number = 'many' } }
        @{ Id = 'CannotConvertArgument'; Parameters = @{ Path = 'a'; Force = 'yes' } }
        @{ Id = 'ParameterArgumentValidationError'; Parameters = @{ Path = 'a'; Number = 6 } }
        @{ Id = 'ParameterArgumentValidationError'; Parameters = @{ Path = 'a'; Tag = 't', '' } }
        @{ Id = 'ParameterArgumentValidationErrorEmptyStringNotAllowed'; Parameters = @{ Path = '' } }
        @{ Id = 'ParameterArgumentValidationErrorEmptyArrayNotAllowed'; Parameters = @{ Path = @() } }
        @{ Id = 'ParameterArgumentValidationErrorNullNotAllowed'; Parameters = @{ Path = $null } }
    ) {
        $failure = { Test-SampleBinding @Parameters } | Should -Throw -PassThru
        Get-ErrorId $failure | Should -Be $Id
    }

    It 'refuses a missing mandatory parameter' {
        $failure = { Test-SampleBinding } | Should -Throw -PassThru
        Get-ErrorId $failure | Should -Be 'MissingMandatoryParameter'
    }

    It 'refuses input that fits nothing' {
        'b' | Test-SampleBinding -Path a -ErrorVariable failures -ErrorAction SilentlyContinue
        Get-ErrorId $failures[0] | Should -Be 'InputObjectNotBound'
    }

    It 'refuses one position too many' {
        $failure = { Test-SampleBinding a Monday c } | Should -Throw -PassThru
        Get-ErrorId $failure | Should -Be 'PositionalParameterNotFound'
    }
}

Describe 'Paths' {
    BeforeAll {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'paths')
        'Fox.JPG', 'fox[1].jpg', 'fox1.jpg' | ForEach-Object { Set-Content -LiteralPath (Join-Path $folder $_) x }
        Push-Location $folder
        $paths = $ExecutionContext.SessionState.Path
    }

    AfterAll { Pop-Location }

    It 'resolves <Given>' -ForEach @(
        @{ Given = '*.jpg'; Expected = 'Fox.JPG', 'fox1.jpg', 'fox[1].jpg' }
        @{ Given = 'fox[1].jpg'; Expected = @('fox1.jpg') }
        @{ Given = 'fox`[1`].jpg'; Expected = @('fox[1].jpg') }
        @{ Given = 'nomatch*'; Expected = @() }
        @{ Given = 'fox['; Expected = @() }
    ) {
        $provider = $null
        $found = $paths.GetResolvedProviderPathFromPSPath($Given, [ref]$provider) | Split-Path -Leaf
        @($found | Sort-Object -CaseSensitive -Culture '') -join '|' | Should -Be (@($Expected | Sort-Object -CaseSensitive -Culture '') -join '|')
    }

    It 'says of a pattern that is none when it is used' {
        $pattern = [WildcardPattern]::new('fox[')
        { $pattern.IsMatch('x') } | Should -Throw '*not valid*'
    }

    It 'keeps <Given> as it is when nothing is resolved' -ForEach @(
        @{ Given = 'fox[1].jpg'; Expected = 'fox[1].jpg' }
        @{ Given = 'fox`[1`].jpg'; Expected = 'fox`[1`].jpg' }
        @{ Given = 'shots/../a/./b'; Expected = 'a/b' }
        @{ Given = 'shots/'; Expected = 'shots/' }
    ) {
        $paths.GetUnresolvedProviderPathFromPSPath($Given) | Should -Be "$($paths.CurrentFileSystemLocation.ProviderPath)/$Expected"
    }
}
