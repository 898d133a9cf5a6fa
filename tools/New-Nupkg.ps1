<#
.SYNOPSIS
    Makes a nupkg of a module's folder.
.DESCRIPTION
    A nupkg is a zip with a nuspec, a list of content types and a relation that leads to the nuspec. Written here and not by
    Compress-PSResource, because that puts random names and times into the package: the same folder must give the same package, byte for byte.
#>
[CmdletBinding()]
param(
    # The module's folder.
    [Parameter(Mandatory)]
    [string]$Path,

    # The nupkg.
    [Parameter(Mandatory)]
    [string]$Destination
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$name = (Get-ChildItem -LiteralPath $Path -Filter *.psd1).BaseName
$manifest = Import-PowerShellDataFile -LiteralPath (Join-Path $Path "$name.psd1")
$data = $manifest.PrivateData.PSData
$names = [string[]](Get-ChildItem -LiteralPath $Path -Recurse -File).ForEach({ [System.IO.Path]::GetRelativePath($Path, $_.FullName).Replace('\', '/') })
[Array]::Sort($names, [StringComparer]::Ordinal)

# The tags by which a gallery finds a module's commands.
$tags = @('PSModule') + $data.Tags + 'PSIncludes_Cmdlet' + $manifest.CmdletsToExport.ForEach({ "PSCmdlet_$_"; "PSCommand_$_" })
$metadata = [ordered]@{
    id                       = $name
    version                  = $manifest.ModuleVersion
    authors                  = $manifest.Author
    owners                   = $manifest.CompanyName
    requireLicenseAcceptance = 'false'
    licenseUrl               = $data.LicenseUri
    projectUrl               = $data['ProjectUri']
    description              = $manifest.Description
    releaseNotes             = $data['ReleaseNotes']
    copyright                = $manifest.Copyright
    tags                     = $tags -join ' '
}

# Namespaces and types of the Open Packaging Conventions.
$package = 'http://schemas.openxmlformats.org/package/2006'
$xml = '<?xml version="1.0" encoding="utf-8"?>'
$nuspec = @(
    $xml
    '<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">'
    '  <metadata>'
    $metadata.Keys.Where({ $metadata[$_] }).ForEach({ "    <$_>$([System.Security.SecurityElement]::Escape($metadata[$_]))</$_>" })
    '  </metadata>'
    '</package>'
) -join "`n"

$extensions = $names.ForEach({ [System.IO.Path]::GetExtension($_).TrimStart('.') }).Where({ $_ }) + 'nuspec' | Sort-Object -Unique
$types = @(
    $xml
    "<Types xmlns=`"$package/content-types`">"
    "  <Default Extension=`"rels`" ContentType=`"application/vnd.openxmlformats-package.relationships+xml`" />"
    $extensions.ForEach({ "  <Default Extension=`"$_`" ContentType=`"application/octet-stream`" />" })
    $names.Where({ -not [System.IO.Path]::GetExtension($_) }).ForEach({ "  <Override PartName=`"/$_`" ContentType=`"application/octet-stream`" />" })
    '</Types>'
) -join "`n"

$relations = @(
    $xml
    "<Relationships xmlns=`"$package/relationships`">"
    "  <Relationship Type=`"http://schemas.microsoft.com/packaging/2010/07/manifest`" Target=`"/$name.nuspec`" Id=`"Nuspec`" />"
    '</Relationships>'
) -join "`n"

$parts = [ordered]@{
    "$name.nuspec"        = [System.Text.Encoding]::UTF8.GetBytes($nuspec)
    '[Content_Types].xml' = [System.Text.Encoding]::UTF8.GetBytes($types)
    '_rels/.rels'         = [System.Text.Encoding]::UTF8.GetBytes($relations)
}
foreach ($one in $names) { $parts[$one] = [System.IO.File]::ReadAllBytes((Join-Path $Path $one)) }

$zip = [System.IO.Compression.ZipFile]::Open($Destination, 'Create')
try {
    foreach ($one in $parts.Keys) {
        $entry = $zip.CreateEntry($one)
        # The earliest that a zip can say: when a package was made is no part of what it holds.
        $entry.LastWriteTime = [datetimeoffset]::new(1980, 1, 1, 0, 0, 0, [timespan]::Zero)
        $stream = $entry.Open()
        $stream.Write($parts[$one])
        $stream.Dispose()
    }
}
finally {
    $zip.Dispose()
}
