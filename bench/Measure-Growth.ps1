#Requires -Version 7.4
<#
.SYNOPSIS
    Measures how the work on whole folders grows with the number of items, images, ledger lines and blobs.
.DESCRIPTION
    Makes a batch of each size against the benchmark's server of canned answers, then runs each kind of work on it in a fresh
    process. Gives CPU and peak memory of each, the medians of the rounds, and the slope on log-log axes from one size to the
    next: 1 is linear. What the process costs that does nothing (nb --version, a script that imports the module) is taken off
    the CPU; the peak is that of the whole process.

    Linux only; needs GNU time, and the release builds of bench/NanoBanana.Bench, of nb and of the module (./build.ps1).
.EXAMPLE
    ./bench/Measure-Growth.ps1
    1,000, 10,000 and 100,000 items; about half an hour.
.EXAMPLE
    ./bench/Measure-Growth.ps1 -Size 100, 1000 -Work run, report
#>
[CmdletBinding()]
param(
    # The sizes, smallest first.
    [ValidateRange(1, 10000000)]
    [int[]]$Size = (1000, 10000, 100000),

    # What to measure.
    [ValidateSet('run', 'estimate', 'usage', 'blobs', 'report', 'import', 'make')]
    [string[]]$Work = ('run', 'estimate', 'usage', 'blobs', 'report', 'import', 'make'),

    # No more items than this for work that opens every picture.
    [int]$MaximumPictures = 10000,

    [ValidateRange(1, 99)]
    [int]$Rounds = 3,

    [string]$ModulePath = (Join-Path $PSScriptRoot '../out/NanoBanana.PowerShell/NanoBanana.PowerShell.psd1')
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$binaries = Join-Path $PSScriptRoot '../artifacts/bin'
$nb = (Resolve-Path (Join-Path $binaries 'NanoBanana.Cli/release/nb')).Path
$bench = (Resolve-Path (Join-Path $binaries 'NanoBanana.Bench/release/NanoBanana.Bench')).Path
$module = (Resolve-Path $ModulePath).Path
$pwsh = [Environment]::ProcessPath, [Environment]::GetCommandLineArgs()[0] | Where-Object { $_ -match 'pwsh|dotnet' }
$shell = $pwsh[0] -match 'dotnet' ? @($pwsh[0], $pwsh[1]) : @($pwsh[0])

function Measure-Process {
    # CPU seconds and peak MiB of one process and its children.
    param([string[]]$Command, [string]$Folder)

    $numbers = Join-Path $root numbers
    & /usr/bin/time -o $numbers -f '%U %S %M' -- @Command *> (Join-Path $root output)
    if ($LASTEXITCODE) { throw "$Command ended with ${LASTEXITCODE}:`n$(Get-Content (Join-Path $root output) -Raw)" }
    $user, $system, $peak = (Get-Content $numbers -Tail 1) -split ' '
    [pscustomobject]@{ Cpu = [double]$user + [double]$system; Peak = [double]$peak / 1024 }
}

function Get-Median {
    param([double[]]$Value)

    ($Value | Sort-Object)[[Math]::Floor($Value.Count / 2)]
}

function New-Batch {
    # A folder with so many finished items.
    param([int]$Count)

    $folder = Join-Path $root $Count
    if (Test-Path $folder) { return $folder }
    $null = New-Item -ItemType Directory $folder
    $items = foreach ($i in 1..$Count) { "{`"name`":`"fox-$i`",`"prompt`":`"Fox number $i in the snow, at night`"}" }
    "{`"items`":[$($items -join ",`n")]}" | Set-Content (Join-Path $folder manifest.json)
    $null = Measure-Process ($nb, 'run', "$folder/manifest.json", '--out', "$folder/out", '--base-uri', "$address/mini", '--parallel', '16')
    $folder
}

function Get-ShellCommand {
    param([string]$Script)

    $shell + '-NoProfile', '-NonInteractive', '-Command', "`$ErrorActionPreference = 'Stop'; Import-Module '$module'; $Script"
}

# What is run on a folder, and whether in PowerShell.
$commands = @{
    run      = { param($folder) , ($nb, 'run', "$folder/manifest.json", '--out', "$folder/out", '--base-uri', "$address/mini") }
    estimate = { param($folder) , ($nb, 'estimate', "$folder/manifest.json") }
    usage    = { param($folder) , (Get-ShellCommand "Get-NbUsage '$folder/out' | Out-Null") }
    blobs    = { param($folder) , (Get-ShellCommand "Get-NbBlob '$folder/out' | Out-Null") }
    report   = { param($folder) , (Get-ShellCommand "Export-NbReport '$folder/out' -OutFile '$folder/report.html' | Out-Null") }
    import   = { param($folder) , (Get-ShellCommand "Import-NbImage '$folder/out' | Out-Null") }
    make     = { param($folder) , (Get-ShellCommand @"
        Connect-NbService -ApiKey bench -BaseUri '$address/mini' | Out-Null
        1..$(Split-Path $folder -Leaf) | ForEach-Object { "fox `$_" } | New-NbImage -ThrottleLimit 16 -Destination '$folder/made' -Force | Out-Null
"@) }
}
$opensPictures = 'report', 'import', 'make'
$root = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "nb-growth-$([guid]::NewGuid().ToString('N'))")).FullName
$env:GEMINI_API_KEY = 'bench'
$server = [Diagnostics.Process]::Start([Diagnostics.ProcessStartInfo]@{
        FileName = $bench; Arguments = 'serve'; RedirectStandardInput = $true; RedirectStandardOutput = $true
    })
try {
    $address = $server.StandardOutput.ReadLine()
    $idle = @{ $true = @($nb, '--version'); $false = (Get-ShellCommand '') }
    foreach ($kind in $true, $false) {
        $command = $idle[$kind]
        $idle[$kind] = Get-Median @(foreach ($round in 1..$Rounds) { (Measure-Process $command).Cpu })
    }
    foreach ($one in $Work) {
        $sizes = @($Size | Where-Object { $one -notin $opensPictures -or $_ -le $MaximumPictures })
        $points = foreach ($count in $sizes) {
            $folder = New-Batch $count
            $command = & $commands[$one] $folder
            $measured = @(foreach ($round in 1..$Rounds) { Measure-Process $command })
            $cpu = [Math]::Max(0.01, (Get-Median $measured.Cpu) - $idle[$command[0] -eq $nb])
            [pscustomobject]@{
                Work = $one; Count = $count; Seconds = [Math]::Round($cpu, 2); PeakMiB = [Math]::Round((Get-Median $measured.Peak)); Slope = $null
            }
        }
        $before = $null
        foreach ($point in $points) {
            if ($before) {
                $slope = [Math]::Log($point.Seconds / $before.Seconds) / [Math]::Log($point.Count / $before.Count)
                $point.Slope = [Math]::Round($slope, 2)
            }
            $before = $point
            $point
        }
    }
}
finally {
    $server.StandardInput.Close()
    if (-not $server.WaitForExit(5000)) { $server.Kill() }
    Remove-Item -LiteralPath $root -Recurse -Force
}
