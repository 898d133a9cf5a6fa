#Requires -Version 7.4
<#
.SYNOPSIS
    Writes what is public in NanoBanana.Core to PublicAPI.Unshipped.txt.
.DESCRIPTION
    The analyzer names every symbol that the file lacks or has too many. Read the difference before you commit it.
.EXAMPLE
    dotnet pwsh tools/Update-PublicApi.ps1
#>
[CmdletBinding()]
param()

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$project = Join-Path $PSScriptRoot '../src/NanoBanana.Core'
$file = Join-Path $project 'PublicAPI.Unshipped.txt'
Push-Location $project
try { $said = dotnet build --no-incremental --nologo -v q -p:TreatWarningsAsErrors=false }
finally { Pop-Location }
# Warnings aside: what does not compile names no symbols, and would look like nothing to do.
if ($said -match 'error (CS|MSB|NETSDK)\w*') { throw ($said -join "`n") }
$found = @($said | Select-String "(RS0016|RS0017): Symbol '(.*?)' is ")
$symbols = [Collections.Generic.SortedSet[string]]::new([string[]](Get-Content $file | Select-Object -Skip 1), [StringComparer]::Ordinal)
foreach ($match in $found | ForEach-Object Matches) {
    $symbol = $match.Groups[2].Value
    $null = $match.Groups[1].Value -eq 'RS0016' ? $symbols.Add($symbol) : $symbols.Remove($symbol)
}
Set-Content $file ((@('#nullable enable') + $symbols -join "`n") + "`n") -NoNewline
