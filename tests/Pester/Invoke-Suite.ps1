# Runs one Pester file, or those of a folder one after the other, each in a runspace of its own: loading the engine, Pester and
# the module costs more than most tests do. What proves something about a new process starts one.
# With -Report the results are written as JSON, a file for each test file, and several of these shells share the work.
# The module under test is out/NanoBanana.PowerShell, or the one NB_MODULE names: a packed module is tested the same way.
[CmdletBinding()]
param(
    [string]$Path = $PSScriptRoot,
    # A folder; what another shell has begun, its claim lies there.
    [string]$Report,
    # The framework's manifest; otherwise the installed module.
    [string]$Pester = 'Pester'
)

# What the module remembers for a user must not come from, nor go to, whoever runs this.
$env:NB_HOME = Join-Path ([IO.Path]::GetTempPath()) ('nb-home-' + [guid]::NewGuid())

# Nor must a key, or an address that it is for.
'GOOGLE_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL' | ForEach-Object { Remove-Item "env:$_" -ErrorAction Ignore }

# No $ErrorActionPreference here: the tests would inherit it.
$suite = {
    param($Path, $Pester)

    Import-Module $Pester -MinimumVersion 5.0 -ErrorAction Stop
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $Path
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Normal'
    Invoke-Pester -Configuration $configuration
}

function Get-Claim {
    # True for one of all the shells that ask.
    param([string]$File)

    if (-not $Report) { return $true }
    try {
        [IO.File]::Open((Join-Path $Report "$File.claim"), 'CreateNew').Dispose()
        $true
    }
    catch [IO.IOException] { $false }
}

function Invoke-File {
    # What came of a file: how many tests, and what is wrong.
    param([IO.FileInfo]$File)

    $environment = [Environment]::GetEnvironmentVariables()
    $shell = [powershell]::Create()
    $shell.Runspace = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    try {
        $shell.Runspace.Open()
        $run = $shell.AddScript($suite).AddArgument($File.FullName).AddArgument($Pester).Invoke()[-1]
        # A file that does not load, or a BeforeAll that fails, has no failed test to show.
        $wrong = @($run.FailedContainers) + @($run.FailedBlocks) + @($run.Failed)
        [pscustomobject]@{
            Passed  = $run.PassedCount
            Failed  = $run.FailedCount
            Skipped = $run.SkippedCount
            Wrong   = @($wrong | Where-Object { $_ } | ForEach-Object { "$($_.ExpandedPath ?? $_.Item): $($_.ErrorRecord -join ' ')" })
            Seconds = [Math]::Round($run.Duration.TotalSeconds, 1)
            Tests   = @($run.Tests | ForEach-Object { [pscustomobject]@{ Name = $_.ExpandedPath; Seconds = [Math]::Round($_.Duration.TotalSeconds, 2) } })
        }
    }
    catch { [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 0; Wrong = @("$_"); Seconds = 0; Tests = @() } }
    finally {
        $shell.Runspace.Dispose()
        $shell.Dispose()
        foreach ($name in [Environment]::GetEnvironmentVariables().Keys) {
            if ($null -eq $environment[$name]) { Remove-Item "env:$name" } else { Set-Item "env:$name" $environment[$name] }
        }
    }
}

$failed = 0
foreach ($file in Get-ChildItem -Path $Path -Filter *.Tests.ps1) {
    if (-not (Get-Claim $file.Name)) { continue }
    $result = Invoke-File $file
    if ($result.Wrong -or $result.Passed + $result.Failed -eq 0) {
        $failed++
        "In $($file.Name): $($result.Wrong ? $result.Wrong -join "`n" : 'No test ran.')"
    }
    if ($Report) {
        # A reader must never see half of it.
        $half = Join-Path $Report "$($file.Name).half"
        ConvertTo-Json -InputObject $result -Depth 3 | Set-Content -LiteralPath $half
        Move-Item -LiteralPath $half (Join-Path $Report "$($file.Name).json")
    }
}

if (Test-Path -LiteralPath $env:NB_HOME) { Remove-Item -LiteralPath $env:NB_HOME -Recurse -Force }
exit $failed
