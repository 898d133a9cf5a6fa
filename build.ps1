#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, packs and publishes the module.
.DESCRIPTION
    Build lays the module out in out/NanoBanana.PowerShell, with every extension.
    Test runs every test there is. Help brings the help up to date.
    Package makes of the module a versioned folder, a nupkg and its checksum in out/package, signed when a certificate is given.
    TestPackage runs the Pester suite against what is in that nupkg, and Publish sends that very nupkg to a repository.
    Sign signs the versioned folder and packs it again. Clean removes what the others made.
    Native makes of nb one native file for this system, in out/native: it starts in a quarter of the time and loads no extensions.
    It needs a C linker.

    Help, Test and Package build first. Everything understands -WhatIf.
.EXAMPLE
    ./build.ps1
    Builds.
.EXAMPLE
    ./build.ps1 Test, Package, TestPackage
    What the workflow does.
.EXAMPLE
    ./build.ps1 Publish -Repository PSGallery -ApiKey (Read-Host -AsSecureString) -WhatIf
    Says what would be published.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # What to do, in this order; with blanks between them too, as other shells pass them.
    [Parameter(Position = 0, ValueFromRemainingArguments)]
    [ValidateSet('Clean', 'Build', 'Help', 'Test', 'Package', 'Sign', 'TestPackage', 'Publish', 'Native')]
    [string[]]$Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string]$Configuration = 'Release',

    # Takes the module in out/NanoBanana.PowerShell as it is.
    [switch]$NoBuild,

    # Where the package is, or goes.
    [string]$Destination = (Join-Path $PSScriptRoot 'out' 'package'),

    # The project's page, for the package: only who publishes knows it.
    [uri]$ProjectUri,

    # Signs what the package holds and nobody has signed yet. Needs Windows.
    [System.Security.Cryptography.X509Certificates.X509Certificate2]$Certificate,

    # A server whose time keeps the signature good when the certificate has ended.
    [uri]$TimestampServer,

    # Where Publish sends the package: a name that Get-PSResourceRepository lists.
    [string]$Repository = 'PSGallery',

    # The repository's key.
    [securestring]$ApiKey
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$name = 'NanoBanana.PowerShell'
$manifest = Import-PowerShellDataFile -LiteralPath (Join-Path $PSScriptRoot 'module' "$name.psd1")
$version = $manifest.ModuleVersion
$layout = Join-Path $PSScriptRoot 'out' $name
$artifacts = Join-Path $PSScriptRoot 'artifacts'
$native = Join-Path $PSScriptRoot 'out' 'native'
$extensions = Join-Path $PSScriptRoot 'src' 'Extensions'
$Destination = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$folder = Join-Path $Destination $name $version
$nupkg = Join-Path $Destination "$name.$version.nupkg"
# In the form of sha256sum. Its name must not begin with the package's, or a folder repository takes it for a package.
$checksum = Join-Path $Destination 'SHA256SUMS'
# The destination may hold what is somebody else's.
$packed = (Join-Path $Destination $name), $nupkg, $checksum

# What comes first, what it cannot do without, and what it would touch, as -WhatIf says it.
$tasks = @{
    Clean       = @{ Needs = @(); Uses = @(); Target = { ($packed + $layout + $native + $artifacts) -join ', ' } }
    Build       = @{ Needs = @(); Uses = 'dotnet'; Target = { $layout } }
    Help        = @{ Needs = 'Build'; Uses = @(); Target = { 'docs/en-US, module/en-US' } }
    Test        = @{ Needs = 'Build'; Uses = 'dotnet'; Target = { "the sources ($Configuration)" } }
    Package     = @{ Needs = 'Build'; Uses = $Certificate ? 'Set-AuthenticodeSignature' : @(); Target = { $nupkg } }
    Sign        = @{ Needs = @(); Uses = 'Set-AuthenticodeSignature'; Target = { $folder } }
    TestPackage = @{ Needs = @(); Uses = 'Invoke-Pester'; Target = { Get-VerifiedPackage } }
    Native      = @{ Needs = @(); Uses = 'dotnet'; Target = { $native } }
    Publish     = @{ Needs = @(); Uses = 'Publish-PSResource'; Target = { "$(Get-VerifiedPackage) to the repository $Repository" } }
}
$tools = @{
    'dotnet'                    = 'Install the .NET SDK that global.json names.'
    'Set-AuthenticodeSignature' = 'Signatures of this kind are made on Windows only: pack here, sign there (./build.ps1 Sign).'
    'Invoke-Pester'             = 'Install-PSResource Pester'
    'Publish-PSResource'        = 'It comes with PowerShell 7.4 and later, in Microsoft.PowerShell.PSResourceGet.'
}

function Invoke-Program {
    # Runs a program and ends the build when it fails.
    param([string]$Command, [string[]]$Argument)

    Write-Verbose "$Command $Argument"
    & $Command @Argument | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "$Command $($Argument[0]) ended with $LASTEXITCODE." }
}

function Remove-Path {
    param([string[]]$Path)

    foreach ($one in $Path) { if (Test-Path -LiteralPath $one) { Remove-Item -LiteralPath $one -Recurse -Force } }
}

function Invoke-Clean { Remove-Path ($packed + $layout + $native + $artifacts) }

function Invoke-Build {
    Remove-Path $layout
    Invoke-Program dotnet 'build', "src/$name", '--configuration', $Configuration, '--nologo'
    foreach ($project in Get-ChildItem -LiteralPath $extensions -Directory | Where-Object Name -NotLike *.Tests) {
        Invoke-Program dotnet 'build', $project.FullName, '--configuration', $Configuration, '--nologo'
    }
}

function Invoke-Native {
    # Apart from what the other builds leave: what is restored here is for one system.
    $work = Join-Path $artifacts 'native'
    $made = Join-Path $work 'made'
    Invoke-Program dotnet 'publish', 'src/NanoBanana.Cli', '--configuration', $Configuration, '--use-current-runtime',
        '--property:PublishAot=true', "--property:ArtifactsPath=$work", '--output', $made, '--nologo'
    Remove-Path $native
    $null = New-Item $native -ItemType Directory
    Copy-Item -Path (Join-Path $made 'nb'), (Join-Path $made 'nb.exe') -Destination $native -ErrorAction Ignore
    Copy-Item -LiteralPath LICENSE, README.md -Destination $native
    Get-ChildItem -LiteralPath $native -Filter 'nb*'
}

function Invoke-Help { & ./docs/Update-Help.ps1 -ModulePath (Join-Path $layout "$name.psd1") }

function Invoke-Test { Invoke-Program dotnet 'test', '--configuration', $Configuration, '--nologo' }

function Get-ReleaseNote {
    # The changelog's section of this version, or what is not released yet.
    $text = Get-Content -LiteralPath CHANGELOG.md -Raw
    foreach ($heading in $version, 'Unreleased') {
        $section = [regex]::Match($text, "(?ms)^## \[$([regex]::Escape($heading))\][^\n]*\n(.*?)(?=^## |\z)").Groups[1].Value.Trim()
        if ($section) { return $section }
    }
    throw "CHANGELOG.md says nothing of $version."
}

function Set-PackageData {
    # Puts into the packed manifest what only a package has; in the text, so that the rest stays as it was written.
    param([string]$Path, [System.Collections.Specialized.OrderedDictionary]$Data)

    $text = Get-Content -LiteralPath $Path -Raw
    foreach ($field in $Data.Keys.Where({ $Data[$_] })) {
        $line = "$field = '$([System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Data[$field]))'"
        $text = [regex]::Replace($text, '(?m)^( +)PSData += @\{\r?\n', { "$($args[0])$($args[0].Groups[1])    $line`n" })
    }
    Set-Content -LiteralPath $Path $text -NoNewline
}

function Invoke-Package {
    if (-not (Test-Path -LiteralPath $layout)) { throw "There is nothing to pack in $layout. Build it: ./build.ps1 Package" }
    Remove-Path $packed
    $null = New-Item $folder -ItemType Directory
    Copy-Item "$([wildcardpattern]::Escape($layout))/*" $folder -Recurse
    Get-ChildItem -LiteralPath $folder -Recurse -File -Filter *.pdb | Remove-Item
    Copy-Item -LiteralPath LICENSE, README.md, CHANGELOG.md -Destination $folder

    $psd1 = Join-Path $folder "$name.psd1"
    Set-PackageData $psd1 ([ordered]@{ ReleaseNotes = Get-ReleaseNote; ProjectUri = "$ProjectUri" })
    $null = Test-ModuleManifest $psd1
    if ($Certificate) { Invoke-Sign } else { New-Package }
}

function Invoke-Sign {
    if (-not (Test-Path -LiteralPath $folder)) { throw "There is nothing to sign in $folder. Make it: ./build.ps1 Package" }
    $options = @{ Certificate = $Certificate; HashAlgorithm = 'SHA256'; IncludeChain = 'NotRoot' }
    if ($TimestampServer) { $options.TimestampServer = $TimestampServer }
    # What the packages' own makers have signed stays theirs.
    $signed = Get-ChildItem -LiteralPath $folder -Recurse -File -Include *.dll, *.psd1, *.ps1xml |
        Where-Object { (Get-AuthenticodeSignature -LiteralPath $_.FullName).Status -eq 'NotSigned' } |
        ForEach-Object { Set-AuthenticodeSignature -LiteralPath $_.FullName @options }
    foreach ($one in $signed | Where-Object Status -NE 'Valid') {
        # Whether this machine trusts the certificate is another question than whether it has signed.
        if ($one.SignerCertificate.Thumbprint -ne $Certificate.Thumbprint) { throw "$($one.Path) is not signed: $($one.StatusMessage)" }
        Write-Warning "$(Split-Path $one.Path -Leaf) is signed, but not trusted here: $($one.StatusMessage)"
    }
    New-Package
}

function New-Package {
    Remove-Path $nupkg
    & ./tools/New-Nupkg.ps1 -Path $folder -Destination $nupkg
    $hash = (Get-FileHash -LiteralPath $nupkg -Algorithm SHA256).Hash.ToLowerInvariant()
    Set-Content -LiteralPath $checksum "$hash  $(Split-Path $nupkg -Leaf)"
    Get-Item -LiteralPath $nupkg, $checksum
}

function Get-VerifiedPackage {
    # Name and hash of the package, after checking that it is the one that was packed.
    if (-not (Test-Path -LiteralPath $nupkg)) { throw "There is no $nupkg. Make it: ./build.ps1 Package" }
    $hash = (Get-FileHash -LiteralPath $nupkg -Algorithm SHA256).Hash.ToLowerInvariant()
    if ("$hash  $(Split-Path $nupkg -Leaf)" -ne (Get-Content -LiteralPath $checksum -ErrorAction Ignore)) {
        throw "$nupkg is not the one that was packed: $checksum says otherwise, or nothing."
    }
    "$(Split-Path $nupkg -Leaf) (SHA-256 $hash)"
}

function Invoke-TestPackage {
    # Unpacked as an installation does it, in a place that has nothing to do with the sources.
    $root = Join-Path ([System.IO.Path]::GetTempPath()) "nb-package-$([guid]::NewGuid())"
    $installed = Join-Path $root $name $version
    try {
        [System.IO.Compression.ZipFile]::ExtractToDirectory($nupkg, $installed)
        Remove-Path "$installed/_rels", "$installed/[Content_Types].xml", "$installed/$name.nuspec"
        $env:NB_MODULE = $installed
        $env:NB_PACKAGE = $Destination
        & ./tools/Invoke-Shell.ps1 -NoProfile -NonInteractive -File tests/Pester/Invoke-Suite.ps1 | Out-Host
        if ($LASTEXITCODE -ne 0) { throw "The package does not pass $LASTEXITCODE of the files in tests/Pester." }
    }
    finally {
        $env:NB_MODULE = $env:NB_PACKAGE = $null
        Remove-Path $root
    }
}

function Invoke-Publish {
    $options = @{ NupkgPath = $nupkg; Repository = $Repository }
    if ($ApiKey) { $options.ApiKey = ConvertFrom-SecureString $ApiKey -AsPlainText }
    Publish-PSResource @options
}

$order = foreach ($one in $Task) {
    if (-not $NoBuild) { $tasks[$one].Needs }
    $one
}
# Checked before the first task runs, so that a build does not fail half-way.
if ($order -contains 'Sign' -and -not $Certificate) { throw 'Sign needs -Certificate.' }
foreach ($tool in $order | ForEach-Object { $tasks[$_].Uses } | Select-Object -Unique) {
    if (-not (Get-Command $tool -ErrorAction Ignore)) { throw "$tool is not installed. $($tools[$tool])" }
}

# dotnet looks for global.json from here on up.
Push-Location -LiteralPath $PSScriptRoot
try {
    foreach ($one in $order | Select-Object -Unique) {
        if (-not $PSCmdlet.ShouldProcess((& $tasks[$one].Target), $one)) { continue }
        Write-Information "== $one" -InformationAction Continue
        & "Invoke-$one"
    }
}
finally {
    Pop-Location
}
