#Requires -Version 7.4
<#
.SYNOPSIS
    Draws how far forty edits go from the first picture, without protection and with it.
.DESCRIPTION
    On the emulator that drifts by 2.5 gray levels an edit, as was measured with a real model: nothing is paid for. The numbers go
    to drift-curve.csv, the picture to drift-curve.svg, both beside this script; what it writes is committed.
.EXAMPLE
    dotnet pwsh docs/New-DriftCurve.ps1
    After the module was built.
#>
[CmdletBinding()]
param(
    [string]$ModulePath = (Join-Path $PSScriptRoot '../out/NanoBanana.PowerShell/NanoBanana.PowerShell.psd1'),
    [string]$Destination = $PSScriptRoot,
    [int]$Count = 40
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $ModulePath
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "nb-drift-$([guid]::NewGuid())")
$connection = Connect-NbService -Offline -Drift
$region = '120,80,300,200'
try {
    $source = New-NbImage 'a desk with a lamp' -OutFile (Join-Path $folder 0.jpg)
    $free = $kept = $source
    foreach ($number in 1..$Count) {
        $free = $free | Invoke-NbEdit "make the lamp red, number $number" -OutFile (Join-Path $folder "free-$number.jpg")
        $kept = $kept | Invoke-NbEdit "make the lamp red, number $number" -Region $region -OutFile (Join-Path $folder "kept-$number.png") -WarningAction Ignore
    }
    # The first edit is where both begin: what an edit of the emulator redraws besides drifting is not drift.
    $without = @($free | Measure-NbDrift -Region $region -NoAlign)
    $with = @($kept | Measure-NbDrift -Region $region -NoAlign)
}
finally {
    $connection | Disconnect-NbService
    Remove-Item $folder -Recurse -Force
}

$rows = for ($i = 0; $i -lt $Count; $i++) {
    [pscustomobject]@{
        Edit              = $i + 1
        WithoutProtection = [math]::Round($without[$i].MeanError, 2)
        WithProtection    = [math]::Round($with[$i].MeanError, 2)
    }
}
$rows | Export-Csv (Join-Path $Destination drift-curve.csv) -UseQuotes Never

$invariant = [cultureinfo]::InvariantCulture
$most = [math]::Max(10, ($rows | Measure-Object WithoutProtection -Maximum).Maximum)
$point = { param($edit, $value) [string]::Format($invariant, '{0:0.#},{1:0.#}', 60 + 560 * $edit / $Count, 300 - 260 * $value / $most) }
$line = { param($name) (@(& $point 0 0) + $rows.ForEach{ & $point $_.Edit $_.$name }) -join ' ' }
$label = $most.ToString('0', $invariant)
@"
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 350" font-family="sans-serif" font-size="13">
<title>Mean error outside the region, in gray levels, over $Count edits</title>
<rect width="680" height="350" fill="#fff"/>
<path d="M60 30V300H630" fill="none" stroke="#888"/>
<text x="20" y="44">$label</text><text x="40" y="304">0</text><text x="610" y="320">$Count</text>
<text x="300" y="336">edits</text><text x="60" y="20">mean error outside the region, gray levels</text>
<polyline fill="none" stroke="#c0392b" stroke-width="2" points="$(& $line WithoutProtection)"/>
<polyline fill="none" stroke="#1e8449" stroke-width="2" points="$(& $line WithProtection)"/>
<text x="400" y="70" fill="#c0392b">without protection</text><text x="400" y="290" fill="#1e8449">with -Region</text>
</svg>
"@ | Set-Content (Join-Path $Destination drift-curve.svg)
$rows
