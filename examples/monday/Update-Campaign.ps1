#requires -Version 7.4
<#
.SYNOPSIS
Every Monday: 200 product pictures of one shop, always with the same robin on them.

.DESCRIPTION
Reads products.csv, makes an image a row that this week's edition does not have yet, and leaves a report to mail. Stopped at any moment, it goes on where it was when
it is started again; nothing is paid for twice. Needs a key in GEMINI_API_KEY, or -Offline to rehearse.

Exit code: 0 every image is there, 1 some are not, 2 nothing was sent, 3 the budget stopped it.
#>
[CmdletBinding()]
param(
    # Where images, ledger, log and report go.
    [string]$Destination = 'campaign',

    # A table with the columns name and prompt, and any other column of an item.
    [string]$Table = "$PSScriptRoot/products.csv",

    # What this run is for: the week.
    [string]$Edition = (Get-Date -UFormat '%G-W%V'),

    # USD that this run may cost.
    [decimal]$MaxCost = 15,

    # Live: now. Batch: at half price, within a day.
    [ValidateSet('Live', 'Batch')]
    [string]$Mode = 'Live',

    # Draw with the built-in emulator: free, to see how it goes.
    [switch]$Offline,

    # Leave the report out: it reads every picture.
    [switch]$NoReport
)

$ErrorActionPreference = 'Stop'
$null = New-Item -ItemType Directory -Force $Destination
$log = Join-Path $Destination 'campaign.log'

function Add-Line([string]$Text) {
    "$([datetime]::UtcNow.ToString('u')) $Text" | Tee-Object -FilePath $log -Append
}

try {
    if ($Offline) { $null = Connect-NbService -Offline }

    # The robin looks the same on all of them.
    $library = Join-Path $Destination 'anchors'
    $robin = "$PSScriptRoot/../spring-campaign/pip.png"
    if (-not (Test-Path $library)) { Set-NbAnchor pip -Path $robin -Library $library -Description 'a small round robin with a straw hat' }

    $rows = Import-Csv $Table
    Add-Line "Edition ${Edition}: $(@($rows).Count) rows, at most `$$MaxCost, $Mode."
    $failed = @()
    $batch = $rows | Start-NbBatch -Destination $Destination -Library $library -Edition $Edition -MaxCost $MaxCost -Mode $Mode `
        -ThrottleLimit 16 -Wait -ErrorAction SilentlyContinue -ErrorVariable failed
    foreach ($item in $batch.Items) {
        $cost = $null -ne $item.Cost ? [string]::Format([cultureinfo]::InvariantCulture, '${0:0.0000}', $item.Cost) : '-'
        Add-Line "$($item.Name) $($item.State) $cost"
    }
    foreach ($record in $failed) { Add-Line "$record" }
    Add-Line "$($batch.Summary)."
    if (-not $NoReport) {
        $page = Export-NbReport $Destination -OutFile (Join-Path $Destination 'campaign.html') -Title "Campaign $Edition" -SelfContained -PassThru
        Add-Line "Report: $($page.Name)."
    }
}
catch {
    Add-Line "Nothing was sent: $_"
    exit 2
}

if ($batch.Summary.IsComplete) { exit 0 }
if ($failed.FullyQualifiedErrorId -like 'Nb.Budget.*') { exit 3 }
exit 1
