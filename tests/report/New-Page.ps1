# Makes the review page that the tests look at: images with an anchor, edits, sources, and a prompt that looks like markup.
# Returns the page's file. The connection and the anchor stay in the session.
param(
    [string]$ModulePath = (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell'),

    [Parameter(Mandatory)]
    [string]$Destination
)

Import-Module (Join-Path $ModulePath 'NanoBanana.PowerShell.psd1') -ErrorAction Stop
$null = Connect-NbService -Offline

$robot = New-NbImage 'A brass robot barista, plain background' -Destination $Destination
Set-NbAnchor kael $robot -Description 'a brass robot'
$cafe = New-NbImage 'kael pours latte art in a cafe' -Anchor kael -AspectRatio 16:9 -MinimumScore 0.5 -Destination $Destination
$night = $cafe | Invoke-NbEdit 'Make it night: neon signs outside' -MinimumScore 0.5 -Destination $Destination
$null = $night | Invoke-NbEdit 'Add falling snow' -Destination $Destination
$null = New-NbImage '<img src=x onerror="window.hacked=1"></script><script>window.hacked=2</script>' -Destination $Destination
$null = New-NbImage 'the tallest building this year' -Grounding Web -Model nb2.1 -AspectRatio 3:4 -Destination $Destination
$null = New-NbImage 'Steam over a cup' -Model nb-pro -AspectRatio 21:9 -Destination $Destination
Export-NbReport $Destination -Title 'Spring campaign'
