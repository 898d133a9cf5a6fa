#Requires -Version 7.4
<#
.SYNOPSIS
    Measures what importing the module costs beside an empty binary module.
.DESCRIPTION
    Makes a binary module with one cmdlet that does nothing, and imports it and ours in turn, each in a shell of its own.
    Gives the medians of the time on the clock and of the processor's time, in milliseconds. The first is what a user waits;
    the second tells how much of it is ours when the machine is busy with other things.
.EXAMPLE
    ./bench/Measure-ImportTime.ps1 -Count 21
#>
[CmdletBinding()]
param(
    # The module's manifest.
    [string]$Path = (Join-Path $PSScriptRoot '../out/NanoBanana.PowerShell/NanoBanana.PowerShell.psd1'),

    # How often each is imported.
    [ValidateRange(1, 1000)]
    [int]$Count = 11
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function New-EmptyModule {
    param([string]$Folder)

    $null = New-Item -ItemType Directory $Folder
    $source = @'
using System.Management.Automation;

[Cmdlet(VerbsCommon.Get, "Nothing")]
public sealed class GetNothingCommand : PSCmdlet { }
'@
    Add-Type -TypeDefinition $source -OutputAssembly (Join-Path $Folder Empty.dll) -OutputType Library
    $manifest = Join-Path $Folder Empty.psd1
    New-ModuleManifest $manifest -RootModule Empty.dll -CmdletsToExport Get-Nothing -FunctionsToExport @() -AliasesToExport @() -VariablesToExport @()
    $manifest
}

function Measure-Import {
    param([string]$Manifest)

    $script = {
        param($Manifest)
        $process = [Diagnostics.Process]::GetCurrentProcess()
        $before = $process.TotalProcessorTime
        $clock = [Diagnostics.Stopwatch]::StartNew()
        Import-Module $Manifest
        $elapsed = $clock.Elapsed.TotalMilliseconds
        $process.Refresh()
        '{0} {1}' -f $elapsed, ($process.TotalProcessorTime - $before).TotalMilliseconds
    }
    $said = & "$PSScriptRoot/../tools/Invoke-Shell.ps1" -NoProfile -NonInteractive -Command "& { $script } '$($Manifest.Replace("'", "''"))'"
    $elapsed, $processor = [double[]]($said -split ' ')
    [pscustomobject]@{ Elapsed = $elapsed; Processor = $processor }
}

function Get-Median {
    param([double[]]$Value)

    $sorted = @($Value | Sort-Object)
    $middle = [int][Math]::Floor($sorted.Count / 2)
    if ($sorted.Count % 2) { $sorted[$middle] } else { ($sorted[$middle - 1] + $sorted[$middle]) / 2 }
}

$folder = Join-Path ([IO.Path]::GetTempPath()) ('nb-import-' + [guid]::NewGuid())
try {
    $modules = [ordered]@{
        Empty = New-EmptyModule (Join-Path $folder Empty)
        Ours  = (Resolve-Path $Path).ProviderPath
    }
    $times = @{ Empty = [Collections.Generic.List[object]]::new(); Ours = [Collections.Generic.List[object]]::new() }
    for ($i = 0; $i -lt $Count; $i++) {
        foreach ($name in $modules.Keys) { $times[$name].Add((Measure-Import $modules[$name])) }
    }
    $medians = @{}
    foreach ($name in $modules.Keys) {
        $medians[$name] = [pscustomobject]@{
            Module      = $name
            ElapsedMs   = [Math]::Round((Get-Median $times[$name].Elapsed), 1)
            ProcessorMs = [Math]::Round((Get-Median $times[$name].Processor), 1)
        }
        $medians[$name]
    }
    [pscustomobject]@{
        Module      = 'Ours - Empty'
        ElapsedMs   = [Math]::Round($medians.Ours.ElapsedMs - $medians.Empty.ElapsedMs, 1)
        ProcessorMs = [Math]::Round($medians.Ours.ProcessorMs - $medians.Empty.ProcessorMs, 1)
    }
}
finally {
    if (Test-Path $folder) { Remove-Item $folder -Recurse -Force }
}
