#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, packs and publishes the module.
.DESCRIPTION
    Build lays the module out in out/NanoBanana.PowerShell. Package makes of it the versioned folder and the nupkg with its
    checksum in out/package, signed when a certificate is given. Publish sends that very nupkg to a repository. Test runs
    everything there is, or, with -Package, the Pester suite against the packed module. Clean removes what the others made.
.EXAMPLE
    ./build.ps1
    Builds.
.EXAMPLE
    ./build.ps1 Build, Test, Package -Configuration Release
    What the workflow does.
.EXAMPLE
    ./build.ps1 Publish -Repository PSGallery -ApiKey (Read-Host -AsSecureString) -WhatIf
    Says what would be published.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # What to do, in this order.
    [Parameter(Position = 0)]
    [ValidateSet('Clean', 'Build', 'Help', 'Test', 'Package', 'TestPackage', 'Publish')]
    [string[]]$Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string]$Configuration = 'Release',

    # Signs scripts and assemblies of the package.
    [System.Security.Cryptography.X509Certificates.X509Certificate2]$Certificate,

    # Where Publish sends the package: the name of a repository of PSResourceGet.
    [string]$Repository = 'PSGallery',

    # The repository's key.
    [securestring]$ApiKey
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$name = 'NanoBanana.PowerShell'
$layout = Join-Path $PSScriptRoot 'out' $name
$package = Join-Path $PSScriptRoot 'out' 'package'
# Not beside the package: a local repository takes every file that begins like a package for one.
$checksum = Join-Path $PSScriptRoot 'out' "$name.sha256"
$manifestPath = Join-Path $PSScriptRoot 'module' "$name.psd1"
$version = (Import-PowerShellDataFile $manifestPath).ModuleVersion

function Invoke-Native {
    # Runs a program and ends the build when it fails.
    param([string]$Command, [string[]]$Argument)

    Write-Verbose "$Command $Argument"
    & $Command @Argument | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "$Command $($Argument[0]) ended with $LASTEXITCODE." }
}

function Invoke-Clean {
    foreach ($folder in $layout, $package, (Join-Path $PSScriptRoot 'artifacts')) {
        if ((Test-Path $folder) -and $PSCmdlet.ShouldProcess($folder, 'Remove folder')) { Remove-Item $folder -Recurse -Force }
    }
}

function Get-MissingPackage {
    # The packages of a project that no feed of this machine has; restoring is the only honest way to know.
    param([string]$Project)

    $said = & dotnet restore $Project --verbosity quiet 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0) { [regex]::Matches($said, 'NU11\d\d: ([^\r\n\[]+)').ForEach({ $_.Groups[1].Value.Trim() }) | Sort-Object -Unique }
}

function Invoke-Build {
    if (-not $PSCmdlet.ShouldProcess($layout, "Build ($Configuration)")) { return }
    if (Test-Path $layout) { Remove-Item $layout -Recurse -Force }
    Invoke-Native dotnet @('build', (Join-Path $PSScriptRoot 'src' $name), '--configuration', $Configuration, '--nologo')

    $left = foreach ($project in Get-ChildItem (Join-Path $PSScriptRoot 'src' 'Extensions') -Recurse -Filter *.csproj -ErrorAction Ignore | Where-Object BaseName -NotLike '*.Tests') {
        $missing = @(Get-MissingPackage $project.FullName)
        if ($missing) {
            [pscustomobject]@{ Extension = $project.BaseName; Missing = $missing -join '; ' }
            continue
        }
        # Each with what it needs in a folder of its own, for a load context of its own.
        Invoke-Native dotnet @('publish', $project.FullName, '--configuration', $Configuration, '--nologo',
            '--output', (Join-Path $layout 'Dependencies' $project.BaseName))
    }
    foreach ($one in $left) { Write-Warning "Left out: $($one.Extension). $($one.Missing)" }
}

function Invoke-Help {
    & (Join-Path $PSScriptRoot 'docs' 'Update-Help.ps1') -ModulePath (Join-Path $layout "$name.psd1")
}

function Invoke-Test {
    Invoke-Native dotnet @('test', '--configuration', $Configuration, '--nologo')
    Invoke-Analyzer
}

function Invoke-Analyzer {
    if (-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
        Write-Warning 'Not analysed: PSScriptAnalyzer is not installed.'
        return
    }
    $settings = Join-Path $PSScriptRoot 'PSScriptAnalyzerSettings.psd1'
    $found = 'build.ps1', 'docs', 'module', 'tests/Pester' | ForEach-Object {
        Invoke-ScriptAnalyzer -Path (Join-Path $PSScriptRoot $_) -Recurse -Settings $settings
    }
    if ($found) {
        $found | Format-Table ScriptName, Line, RuleName, Message -Wrap | Out-String | Write-Warning
        throw "PSScriptAnalyzer found $(@($found).Count) things to mend."
    }
}

function Get-ReleaseNote {
    # The changelog's section of this version, or what is not released yet.
    $text = Get-Content (Join-Path $PSScriptRoot 'CHANGELOG.md') -Raw
    foreach ($heading in [regex]::Escape("[$version]"), '\[Unreleased\]') {
        $match = [regex]::Match($text, "(?ms)^## $heading[^\n]*\n(.*?)(?=^## |\z)")
        if ($match.Success -and $match.Groups[1].Value.Trim()) { return $match.Groups[1].Value.Trim() }
    }
    throw "CHANGELOG.md says nothing of $version."
}

function Invoke-Package {
    if (-not $PSCmdlet.ShouldProcess($package, "Package $name $version")) { return }
    if (-not (Test-Path $layout)) { throw 'There is nothing to pack: build first.' }

    $folder = Join-Path $package $name $version
    if (Test-Path $package) { Remove-Item $package -Recurse -Force }
    $null = New-Item -ItemType Directory $folder -Force
    Copy-Item (Join-Path $layout '*') $folder -Recurse
    Get-ChildItem $folder -Recurse -Filter *.pdb | Remove-Item
    Copy-Item (Join-Path $PSScriptRoot 'LICENSE'), (Join-Path $PSScriptRoot 'CHANGELOG.md'), (Join-Path $PSScriptRoot 'README.md') $folder

    $notes = Get-ReleaseNote
    $manifest = Join-Path $folder "$name.psd1"
    $quoted = $notes.Replace("'", "''")
    $text = (Get-Content $manifest -Raw) -replace "(?m)^( +)LicenseUri", "`$1ReleaseNotes = '$($quoted.Replace('$', '$$'))'`n`$1LicenseUri"
    Set-Content $manifest $text -NoNewline
    $null = Test-ModuleManifest $manifest

    if ($Certificate) {
        Get-ChildItem $folder -Recurse -Include *.dll, *.psd1, *.ps1xml, *.ps1 |
            Set-AuthenticodeSignature -Certificate $Certificate -TimestampServer 'http://timestamp.digicert.com' -HashAlgorithm SHA256 |
            Where-Object Status -NE 'Valid' | ForEach-Object { throw "$($_.Path) is not signed: $($_.StatusMessage)" }
    }

    $nupkg = New-Nupkg $folder $notes
    "$((Get-FileHash $nupkg -Algorithm SHA256).Hash.ToLowerInvariant())  $(Split-Path $nupkg -Leaf)" | Set-Content $checksum
    Get-Item $nupkg, $checksum
}

function New-Nupkg {
    # A nupkg is a zip with a nuspec, a list of content types and a relation to the nuspec: no other program is needed.
    param([string]$Folder, [string]$Note)

    $data = Import-PowerShellDataFile (Join-Path $Folder "$name.psd1")
    $escape = { [System.Security.SecurityElement]::Escape($args[0]) }
    $tags = @('PSModule') + $data.PrivateData.PSData.Tags + $data.CmdletsToExport.ForEach({ "PSCmdlet_$_"; "PSCommand_$_" }) | Select-Object -Unique
    $nuspec = @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">
  <metadata>
    <id>$name</id>
    <version>$version</version>
    <authors>$(& $escape $data.Author)</authors>
    <owners>$(& $escape $data.CompanyName)</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <licenseUrl>$($data.PrivateData.PSData.LicenseUri)</licenseUrl>
    <description>$(& $escape $data.Description)</description>
    <releaseNotes>$(& $escape $Note)</releaseNotes>
    <copyright>$(& $escape $data.Copyright)</copyright>
    <tags>$($tags -join ' ')</tags>
  </metadata>
</package>
"@
    $files = Get-ChildItem $Folder -Recurse -File | Sort-Object FullName
    $types = @('rels', 'nuspec', 'psmdcp') + $files.Extension.TrimStart('.') | Where-Object { $_ } | Select-Object -Unique | ForEach-Object {
        $kind = switch ($_) { 'rels' { 'application/vnd.openxmlformats-package.relationships+xml' } default { 'application/octet-stream' } }
        "<Default Extension=`"$_`" ContentType=`"$kind`" />"
    }
    $bare = $files.Where({ -not $_.Extension }).ForEach({ "<Override PartName=`"/$($_.Name)`" ContentType=`"application/octet-stream`" />" })
    $path = Join-Path $package "$name.$version.nupkg"
    $zip = [System.IO.Compression.ZipFile]::Open($path, 'Create')
    try {
        Add-ZipText $zip "$name.nuspec" $nuspec
        Add-ZipText $zip '[Content_Types].xml' ('<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' + ($types -join '') + ($bare -join '') + '</Types>')
        Add-ZipText $zip '_rels/.rels' ('<?xml version="1.0" encoding="utf-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/' + $name + '.nuspec" Id="R1" /></Relationships>')
        foreach ($file in $files) {
            $entry = [System.IO.Path]::GetRelativePath($Folder, $file.FullName).Replace('\', '/')
            $null = [System.IO.Compression.ZipFileExtensions]::CreateEntryFromFile($zip, $file.FullName, $entry)
        }
    }
    finally {
        $zip.Dispose()
    }
    $path
}

function Add-ZipText {
    param($Zip, [string]$Name, [string]$Text)

    $writer = [System.IO.StreamWriter]::new($Zip.CreateEntry($Name).Open())
    $writer.Write($Text)
    $writer.Dispose()
}

function Invoke-TestPackage {
    # The same suite against what will be published.
    $env:NB_MODULE = Join-Path $package $name $version
    try {
        Invoke-Native pwsh @('-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot 'tests' 'Pester' 'Invoke-Suite.ps1'), '-FailOnError')
    }
    finally {
        $env:NB_MODULE = $null
    }
}

function Invoke-Publish {
    $nupkg = Join-Path $package "$name.$version.nupkg"
    if (-not (Test-Path $nupkg)) { throw 'There is no package: run the task Package first.' }
    $recorded = (Get-Content $checksum -Raw).Split(' ')[0]
    if ((Get-FileHash $nupkg -Algorithm SHA256).Hash -ne $recorded) { throw 'The package is not the one that was packed: its checksum differs.' }
    if (-not $PSCmdlet.ShouldProcess("$name $version ($recorded)", "Publish to $Repository")) { return }
    $options = @{ NupkgPath = $nupkg; Repository = $Repository }
    if ($ApiKey) { $options.ApiKey = [System.Net.NetworkCredential]::new('', $ApiKey).Password }
    Publish-PSResource @options
}

foreach ($one in $Task) {
    Write-Information "== $one" -InformationAction Continue
    & "Invoke-$one"
}
