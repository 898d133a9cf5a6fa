# What people install. The package is the one that NB_PACKAGE names, or is made here of the built module.
BeforeDiscovery {
    $isPacked = [bool]$env:NB_PACKAGE
    $hasResourceGet = [bool](Get-Command Publish-PSResource -ErrorAction Ignore)
    $canSign = [bool](Get-Command Set-AuthenticodeSignature -ErrorAction Ignore)
}

BeforeAll {
    $root = Resolve-Path (Join-Path $PSScriptRoot '../..')
    $build = Join-Path $root 'build.ps1'
    $name = 'NanoBanana.PowerShell'
    $version = (Import-PowerShellDataFile (Join-Path $root "module/$name.psd1")).ModuleVersion
    # A path that is hard on scripts.
    $package = Join-Path $TestDrive 'a pack''s age'
    if ($env:NB_PACKAGE) { Copy-Item $env:NB_PACKAGE $package -Recurse }
    else { $null = & $build Package -NoBuild -Destination $package 6> $null }
    $nupkg = Join-Path $package "$name.$version.nupkg"

    $zip = [IO.Compression.ZipFile]::OpenRead($nupkg)
    $entries = $zip.Entries
    $files = Join-Path $TestDrive 'files'
    [IO.Compression.ZipFileExtensions]::ExtractToDirectory($zip, $files)
    $zip.Dispose()
    $psd1 = Join-Path $files "$name.psd1"
    $data = (Import-PowerShellDataFile $psd1).PrivateData.PSData
    $nuspec = ([xml](Get-Content (Join-Path $files "$name.nuspec") -Raw)).package.metadata

    # Runs a script in a process of its own, which has a home of its own, and gives what it says as lines.
    function Invoke-Fresh([scriptblock]$Script, [object[]]$Arguments) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file $Script
        $saved = $env:HOME, $env:XDG_DATA_HOME
        try {
            $env:HOME = Join-Path $TestDrive 'home'
            $env:XDG_DATA_HOME = $null
            $null = New-Item $env:HOME -ItemType Directory -Force
            & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -NonInteractive -File $file @Arguments 2>&1 | ForEach-Object { "$_" }
        }
        finally {
            $env:HOME, $env:XDG_DATA_HOME = $saved
        }
    }
}

Describe 'The package' {
    It 'contains the needed files and nothing else' {
        $allowed = @(
            'CHANGELOG.md', 'LICENSE', 'README.md'
            'NanoBanana.Core.dll', 'NanoBanana.Emulator.dll', 'NanoBanana.PowerShell.dll'
            'NanoBanana.PowerShell.psd1', 'NanoBanana.PowerShell.Format.ps1xml', 'NanoBanana.PowerShell.Types.ps1xml'
            'en-US/NanoBanana.PowerShell.dll-Help.xml', 'en-US/about_*.help.txt'
            'NanoBanana.PowerShell.nuspec', '`[Content_Types`].xml', '_rels/.rels'
            'Dependencies/NanoBanana.*/*.dll', 'Dependencies/NanoBanana.*/NanoBanana.*.deps.json', 'Dependencies/NanoBanana.*/THIRD-PARTY-NOTICES.md'
        )
        $entries.FullName | Where-Object { $entry = $_; -not $allowed.Where({ $entry -clike $_ }) } | Should -BeNullOrEmpty
        $allowed[0..13] | Where-Object { $pattern = $_; -not $entries.FullName.Where({ $_ -clike $pattern }) } | Should -BeNullOrEmpty
    }

    It 'contains no assembly of PowerShell or Core' {
        $entries.Name | Should -Not -Contain 'System.Management.Automation.dll'
        $entries.FullName | Where-Object { $_ -like 'Dependencies/*/NanoBanana.Core.dll' } | Should -BeNullOrEmpty
    }

    It 'has a manifest that the engine accepts' {
        (Test-ModuleManifest $psd1 -ErrorAction Stop).Version | Should -Be $version
    }

    It 'has the project''s address and release notes' {
        $data.LicenseUri | Should -Not -BeNullOrEmpty
        $data.Tags | Should -Contain 'PSEdition_Core'
        $data.ReleaseNotes.Length | Should -BeGreaterThan 100
        (Get-Content (Join-Path $files 'CHANGELOG.md') -Raw).Replace("`r", '') | Should -Match ([regex]::Escape($data.ReleaseNotes.Replace("`r", '')))
    }

    It 'says the same in its nuspec, for galleries' {
        $manifest = Import-PowerShellDataFile $psd1
        $nuspec.id, $nuspec.version, $nuspec.authors, $nuspec.description, $nuspec.licenseUrl, $nuspec.releaseNotes |
            Should -Be $name, $version, $manifest.Author, $manifest.Description, $data.LicenseUri, $data.ReleaseNotes
        $tags = -split $nuspec.tags
        $data.Tags + 'PSModule' + $manifest.CmdletsToExport.ForEach({ "PSCmdlet_$_" }) | Where-Object { $_ -notin $tags } | Should -BeNullOrEmpty
    }

    It 'has a checksum that sha256sum understands' {
        $hash = (Get-FileHash -LiteralPath $nupkg -Algorithm SHA256).Hash.ToLowerInvariant()
        Get-Content -LiteralPath (Join-Path $package SHA256SUMS) | Should -Be "$hash  $name.$version.nupkg"
    }

    It 'does not contain the path of the build' {
        foreach ($dll in Get-ChildItem $files -Recurse -Filter NanoBanana.*.dll) {
            $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($dll))
            # A Debug build does, for the debugger's sake.
            if ($text.Contains('/_/')) { $text.Contains($root.Path) | Should -BeFalse -Because $dll.Name }
        }
    }
}

Describe 'build.ps1 Package' -Skip:$isPacked {
    BeforeAll {
        $canSign = [bool](Get-Command Set-AuthenticodeSignature -ErrorAction Ignore)
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new(
            'CN=NanoBanana test', [Security.Cryptography.RSA]::Create(2048), [Security.Cryptography.HashAlgorithmName]::SHA256,
            [Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $purpose = [Security.Cryptography.OidCollection]::new()
        $null = $purpose.Add([Security.Cryptography.Oid]::new('1.3.6.1.5.5.7.3.3'))
        $request.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509EnhancedKeyUsageExtension]::new($purpose, $false))
        $made = $request.CreateSelfSigned([datetimeoffset]::UtcNow.AddDays(-1), [datetimeoffset]::UtcNow.AddDays(1))
        # Windows signs with keys that it keeps itself.
        $certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::new($made.Export('Pfx'), '', 'Exportable')
    }

    It 'makes the same package of the same module, byte for byte' {
        $again = Join-Path $TestDrive 'again'
        1..2 | ForEach-Object { $null = & $build Package -NoBuild -Destination $again 6> $null }
        Get-Content (Join-Path $again SHA256SUMS) | Should -Be (Get-Content -LiteralPath (Join-Path $package SHA256SUMS))
    }

    It 'does not touch foreign files' {
        $shared = (New-Item (Join-Path $TestDrive 'shared') -ItemType Directory).FullName
        $mine = New-Item (Join-Path $shared 'mine.txt')
        $null = & $build Package -NoBuild -Destination $shared 6> $null
        $mine | Should -Exist
    }

    It 'names the project''s page when it is told' {
        $told = Join-Path $TestDrive 'told'
        $null = & $build Package -NoBuild -Destination $told -ProjectUri 'https://example.org/it''s' 6> $null
        (Import-PowerShellDataFile (Join-Path $told $name $version "$name.psd1")).PrivateData.PSData.ProjectUri | Should -Be "https://example.org/it's"
    }

    It 'reports at once that a signature cannot be made here' -Skip:$canSign {
        $unsigned = Join-Path $TestDrive 'unsigned'
        { & $build Package -Destination $unsigned -Certificate $certificate } | Should -Throw '*Windows only*'
        { & $build Sign -Destination $unsigned -Certificate $certificate } | Should -Throw '*Windows only*'
        { & $build Sign -Destination $unsigned } | Should -Throw '*-Certificate*'
        $unsigned | Should -Not -Exist
    }

    It 'signs the unsigned files, and packs them' {
        # Elsewhere than on Windows stand-ins sign: what is tested then is which files they get, and when.
        if (-not $canSign) {
            Set-Item function:Get-AuthenticodeSignature {
                param([string]$LiteralPath)

                $isTheirs = $LiteralPath -like '*Newtonsoft.Json.dll'
                $isOurs = $LiteralPath -notlike '*.dll' -and (Select-String -LiteralPath $LiteralPath -SimpleMatch "# $($certificate.Thumbprint)" -Quiet)
                [pscustomobject]@{ Status = $isTheirs -or $isOurs ? 'Valid' : 'NotSigned'; SignerCertificate = $isOurs ? $certificate : $null }
            }
            Set-Item function:Set-AuthenticodeSignature {
                param([string]$LiteralPath, $Certificate, [string]$HashAlgorithm, [string]$IncludeChain)

                if ($LiteralPath -notlike '*.dll') { Add-Content -LiteralPath $LiteralPath "# $($Certificate.Thumbprint)" }
                [pscustomobject]@{ Path = $LiteralPath; Status = 'UnknownError'; StatusMessage = "$HashAlgorithm $IncludeChain"; SignerCertificate = $Certificate }
            }
        }

        $signed = Join-Path $TestDrive 'signed'
        $null = & $build Package -NoBuild -Destination $signed -Certificate $certificate -WarningVariable told 3> $null 6> $null
        $folder = Join-Path $signed $name $version
        foreach ($file in "$name.psd1", "$name.Format.ps1xml", "$name.Types.ps1xml") {
            (Get-AuthenticodeSignature (Join-Path $folder $file)).SignerCertificate.Thumbprint | Should -Be $certificate.Thumbprint
        }
        # Nobody trusts a certificate made a moment ago; that is told, and no failure.
        "$told" | Should -Match 'NanoBanana\.Core\.dll is signed, but not trusted here'
        "$told" | Should -Not -Match 'Newtonsoft'

        $packed = Join-Path $TestDrive 'packed'
        [IO.Compression.ZipFile]::ExtractToDirectory((Join-Path $signed "$name.$version.nupkg"), $packed)
        Get-FileHash (Join-Path $packed "$name.psd1") | ForEach-Object Hash | Should -Be (Get-FileHash (Join-Path $folder "$name.psd1")).Hash
        { & $build Sign, Publish -Destination $signed -Certificate $certificate -Repository Nowhere 3> $null 6> $null } |
            Should -Throw '*Nowhere*' -Because 'it signs and packs again, and then knows no such repository'
    }
}

Describe 'build.ps1 Publish' -Skip:(-not $hasResourceGet) {
    It 'sends nothing with -WhatIf and says what it would send, and where' {
        $said = Invoke-Fresh -Arguments $build, $package {
            param($build, $package)
            & $build Publish -Destination $package -Repository Nowhere -WhatIf
        }
        "$said" | Should -Match "What if: .*Publish.*$name\.$version\.nupkg \(SHA-256 [0-9a-f]{64}\) to the repository Nowhere"
    }

    It 'refuses a package that was changed after it was packed' {
        $changed = Join-Path $TestDrive 'changed'
        Copy-Item $package $changed -Recurse
        Add-Content (Join-Path $changed "$name.$version.nupkg") 'x'
        { & $build Publish -Destination $changed -Repository Nowhere -WhatIf } | Should -Throw '*not the one that was packed*'
    }

    It 'reports a missing package' {
        { & $build Publish -Destination (Join-Path $TestDrive 'none') -WhatIf } | Should -Throw '*./build.ps1 Package*'
    }

    It 'sends it to a repository, from which it installs, imports and draws' {
        $said = Invoke-Fresh -Arguments $build, $package, $TestDrive {
            param($build, $package, $folder)
            $ErrorActionPreference = 'Stop'
            $repository = "nb-$([guid]::NewGuid())"
            $feed = New-Item (Join-Path $folder 'feed') -ItemType Directory
            $modules = New-Item (Join-Path $folder 'modules') -ItemType Directory
            Register-PSResourceRepository $repository $feed.FullName -Trusted
            try {
                & $build Publish -Destination $package -Repository $repository 6> $null
                # A home of its own is all it takes to install for the current user, except on Windows.
                if ($IsWindows) {
                    Save-PSResource NanoBanana.PowerShell -Repository $repository -Path $modules
                    $env:PSModulePath = $modules.FullName
                }
                else {
                    Install-PSResource NanoBanana.PowerShell -Repository $repository
                }
            }
            finally {
                Unregister-PSResourceRepository $repository
            }
            Import-Module NanoBanana.PowerShell
            $null = Connect-NbService -Offline
            $image = New-NbImage 'x'
            (Get-Module NanoBanana.PowerShell).ModuleBase
            "$($image.MimeType) $($image.Length -gt 0)"
        }
        $said | Should -HaveCount 2
        $said[0] | Should -BeLike "$([wildcardpattern]::Escape($TestDrive))*"
        $said[1] | Should -Be 'image/jpeg True'
    }
}
