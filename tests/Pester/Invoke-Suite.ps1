# Runs one Pester file, or all beside this script, and writes what came of each test as JSON.
# The module under test is out/NanoBanana.PowerShell, or the one NB_MODULE names: a packed module is tested the same way.
[CmdletBinding()]
param(
    [string]$Path = $PSScriptRoot,
    [string]$Report,
    # The framework's manifest; otherwise the installed module.
    [string]$Pester = 'Pester',
    # Otherwise who reads the report decides.
    [switch]$FailOnError
)

# What the module remembers for a user must not come from, nor go to, whoever runs this.
$env:NB_HOME = Join-Path ([IO.Path]::GetTempPath()) ('nb-home-' + [guid]::NewGuid())

# Nor must a key, or an address that it is for.
'GOOGLE_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL' | ForEach-Object { Remove-Item "env:$_" -ErrorAction Ignore }

# No $ErrorActionPreference here: the tests would inherit it.
Import-Module $Pester -MinimumVersion 5.0 -ErrorAction Stop

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'

$run = Invoke-Pester -Configuration $configuration
if ($Report) {
    $tests = @($run.Tests | ForEach-Object {
            [pscustomobject]@{
                Name    = $_.ExpandedPath
                Result  = "$($_.Result)"
                Seconds = [Math]::Round($_.Duration.TotalSeconds, 3)
                Message = ($_.ErrorRecord | ForEach-Object { "$_" }) -join ' '
            }
        })
    ConvertTo-Json -InputObject $tests -Depth 3 | Set-Content -LiteralPath $Report
}

if (Test-Path -LiteralPath $env:NB_HOME) { Remove-Item -LiteralPath $env:NB_HOME -Recurse -Force }

# A file that does not load, or a BeforeAll that fails, has no failed test to show: its output is then the message.
exit [int]($run.FailedContainersCount -gt 0 -or $run.FailedBlocksCount -gt 0 -or $run.TotalCount -eq 0 -or
    ($FailOnError -and $run.FailedCount -gt 0))
