BeforeAll {
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell') | Resolve-Path
    $manifest = Join-Path $module 'NanoBanana.PowerShell.psd1'
    Import-Module $manifest -ErrorAction Stop
    $null = Connect-NbService -Offline

    # Runs a script in a process of its own and gives what it says as lines.
    function Invoke-Fresh([scriptblock]$Script, [object[]]$Arguments) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file $Script
        & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -File $file @Arguments 2>&1 | ForEach-Object { "$_" }
    }
}

AfterAll { Disconnect-NbService -ErrorAction Ignore }

Describe 'Without the extension' {
    It 'says how to get it, with one error id' {
        $bare = Join-Path $TestDrive 'bare'
        Copy-Item $module $bare -Recurse
        Remove-Item (Join-Path $bare Dependencies) -Recurse -Force -ErrorAction Ignore
        $picture = Join-Path $TestDrive 'any.png'
        [IO.File]::WriteAllBytes($picture, [Convert]::FromBase64String('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='))
        $said = Invoke-Fresh -Arguments $bare, $picture {
            param($module, $picture)
            Import-Module (Join-Path $module NanoBanana.PowerShell.psd1)
            foreach ($command in { Convert-NbImage $picture -Width 5 }, { Remove-NbBackground $picture }, { New-NbContactSheet $picture },
                { Compare-NbImage $picture -Reference $picture }, { Show-NbImage $picture -Protocol Blocks }) {
                try { & $command } catch { "$($_.FullyQualifiedErrorId) | $($_.ErrorDetails.RecommendedAction)" }
            }
        }
        $said | Should -HaveCount 5
        foreach ($line in $said) { $line | Should -Match '^Nb\.Extension\.Missing,.*dotnet build src/Extensions/NanoBanana.Imaging' }
    }
}

Describe 'The imaging extension' {
    BeforeAll {
        $folder = Join-Path $TestDrive 'pictures'
        $robot = New-NbImage 'A brass robot' -Destination $folder
        Set-NbAnchor brass $robot
        $wide = New-NbImage 'The robot in a cafe' -Anchor brass -AspectRatio 16:9 -Size 4K -Model nb2.1 -Destination $folder
        $edit = $wide | Invoke-NbEdit 'Add a lamp' -Destination $folder
        Remove-NbAnchor brass
    }

    Context 'Convert-NbImage' {
        It 'makes nine presets of one image in one command' {
            $names = 'open-graph', 'x-card', 'linkedin-post', 'instagram-square', 'instagram-portrait', 'story', 'pinterest-pin', 'youtube-thumbnail', 'avatar'
            $made = Convert-NbImage $wide.Path -Preset $names -Destination (Join-Path $TestDrive sizes)
            $made | Should -HaveCount 9
            "$($made[0].Width)x$($made[0].Height)" | Should -Be '1200x630'
            $made.Path | Should -Exist
        }

        It 'keeps the lineage and says that the bytes are no longer the model''s' {
            $made = $wide | Convert-NbImage -Width 300 -Destination (Join-Path $TestDrive small)
            $again = Import-NbImage $made.Path
            $again.ParentSha256 | Should -Be $wide.Sha256
            $again.Prompt | Should -Be $wide.Prompt
            $again.Derivation.How | Should -Match 'Convert-NbImage \(300x\d+, Contain, jpeg\)'
            $again.Warnings | Should -Match 'no longer the model'
            $again.Cost | Should -BeNullOrEmpty
            $wide.Derivation | Should -BeNullOrEmpty
        }

        It 'accepts the user''s own presets' {
            $file = Join-Path $TestDrive presets.json
            '{"presets":[{"name":"banner","width":400,"height":100},{"name":"avatar","width":64,"height":64,"format":"png"}]}' | Set-Content $file
            $made = Get-Item $robot.Path | Convert-NbImage -Preset banner, avatar -PresetPath $file
            $made | ForEach-Object { "$($_.Width)x$($_.Height) $($_.MimeType)" } | Should -Be '400x100 image/jpeg', '64x64 image/png'
        }

        It 'says which presets there are' {
            { Convert-NbImage $robot.Path -Preset nonsense -ErrorAction Stop } | Should -Throw -ErrorId 'Nb.Preset.Unknown*' -ExpectedMessage '*open-graph*'
        }

        It 'says when a preset''s wildcards are broken' {
            { Convert-NbImage $robot.Path -Preset 'story[' -ErrorAction Stop } | Should -Throw -ErrorId 'Nb.Request.InvalidPattern*'
        }

        It 'completes presets' {
            (TabExpansion2 'Convert-NbImage x.png -Preset open').CompletionMatches.CompletionText | Should -Contain 'open-graph'
        }

        It 'continues after a damaged file' {
            $damaged = Join-Path $TestDrive damaged.jpg
            $bytes = [IO.File]::ReadAllBytes($robot.Path)
            [IO.File]::WriteAllBytes($damaged, $bytes[0..($bytes.Length / 2)])
            $made = $damaged, $robot.Path | Convert-NbImage -Width 50 -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Picture.Damaged*'
            $made | Should -HaveCount 1
        }

        It 'writes the format of the file''s extension: <File>' -ForEach @(
            @{ File = 'as.png'; Type = 'image/png' }
            @{ File = 'as.webp'; Type = 'image/webp' }
            @{ File = 'as.JPEG'; Type = 'image/jpeg' }
        ) {
            $made = Convert-NbImage $robot.Path -Width 50 -OutFile (Join-Path $TestDrive $File)
            $made.MimeType | Should -Be $Type
            Split-Path -Leaf $made.Path | Should -BeExactly $File
            (New-NbContactSheet $robot.Path -OutFile (Join-Path $TestDrive "sheet-$File")).MimeType | Should -Be $Type
        }

        It 'needs only a file''s name' {
            (Convert-NbImage $robot.Path -OutFile (Join-Path $TestDrive only.webp)).Width | Should -Be $robot.Width
        }

        It 'saves nothing with -WhatIf' {
            Convert-NbImage $robot.Path -Width 50 -OutFile (Join-Path $TestDrive none.png) -WhatIf
            Join-Path $TestDrive none.png | Should -Not -Exist
        }
    }

    It 'compares an edit with what it was made from, imported or not' {
        foreach ($image in $edit, (Import-NbImage $edit.Path)) {
            $found = $image | Compare-NbImage
            $found.Changed | Should -BeGreaterThan 0
            $found.Changed | Should -BeLessThan 0.5
            $found.IsShifted | Should -BeFalse
            $found.Sheet.MimeType | Should -Be 'image/png'
        }
    }

    It 'makes a contact sheet of a folder with the anchor first' {
        $sheet = Get-ChildItem $folder *.jpg | New-NbContactSheet -Title Robots -OutFile (Join-Path $TestDrive sheet.png)
        $sheet.Path | Should -Exist
        $sheet.Width | Should -Be (24 + 2 * 340 - 20 + 24)
    }

    It 'keys a background out' {
        $pip = Join-Path $PSScriptRoot '../../examples/spring-campaign/pip.png'
        $cut = Remove-NbBackground $pip -Destination $TestDrive
        $cut.Derivation.How | Should -Match 'key #'
        $cut.MimeType | Should -Be 'image/png'
    }

    It 'asks for a key color, removes it, and keeps the model''s image' {
        $made = New-NbImage 'A green frog' -TransparentBackground -Destination (Join-Path $TestDrive frog) -WarningAction SilentlyContinue
        $made.Path | Should -BeLike '*a-green-frog.png'
        $made.Prompt | Should -Be 'A green frog'
        $made.ComposedPrompt | Should -Match 'magenta background \(#FF00FF\)'
        $made.Derivation.How | Should -Match '-TransparentBackground'
        $made.Parent.Path | Should -Exist
        $made.Parent.Cost | Should -BeGreaterThan 0
        $made.Cost | Should -Be $made.Parent.Cost
        # A rehearsal: it has a price, and nobody has paid it.
        $usage = Get-NbUsage (Join-Path $TestDrive frog)
        $usage.Rehearsals, $usage.Answers, $usage.Cost | Should -Be 1, 0, 0
    }

    It 'gives no warning for a transparent .png' {
        $made = New-NbImage 'A green frog' -TransparentBackground -OutFile (Join-Path $TestDrive gem.png) -WarningVariable said -WarningAction SilentlyContinue
        Split-Path -Leaf $made.Path | Should -Be gem.png
        "$said" | Should -Not -Match 'Saved as'
    }

    It 'writes a plain line without control codes when there is no terminal' {
        $said = Invoke-Fresh -Arguments $manifest, $robot.Path { param($m, $p) Import-Module $m; $env:KITTY_WINDOW_ID = 1; Show-NbImage $p }
        $said | Should -HaveCount 1
        $said | Should -Not -Match "`e"
    }

    It 'works beside another loaded ImageSharp, and does not affect it' {
        $said = Invoke-Fresh -Arguments $manifest, $robot.Path, $TestDrive {
            param($manifest, $picture, $folder)
            # What another module brings: the same assembly under another version number, in the default context.
            $own = Join-Path (Split-Path $manifest) 'Dependencies/NanoBanana.Imaging/SixLabors.ImageSharp.dll'
            $bytes = [IO.File]::ReadAllBytes($own)
            $image = [Reflection.PortableExecutable.PEReader]::new([IO.MemoryStream]::new($bytes))
            $reader = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($image)
            $row = $image.PEHeaders.MetadataStartOffset + [Reflection.Metadata.Ecma335.MetadataReaderExtensions]::GetTableMetadataOffset($reader, 'Assembly')
            # A row of the table: four bytes of hash algorithm, then the major version.
            $bytes[$row + 4] = 3
            $other = Join-Path $folder 'SixLabors.ImageSharp.dll'
            [IO.File]::WriteAllBytes($other, $bytes)
            $assembly = [Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath($other)
            Import-Module $manifest
            "ours $((Convert-NbImage $picture -Width 40).Width)"
            $identify = $assembly.GetType('SixLabors.ImageSharp.Image').GetMethod('Identify', [type[]]@([string]))
            "theirs $($identify.Invoke($null, @([string]$picture)).Width)"
            foreach ($context in [Runtime.Loader.AssemblyLoadContext]::All) {
                $context.Assemblies | Where-Object { $_.GetName().Name -eq 'SixLabors.ImageSharp' } |
                    ForEach-Object { "$($context.Name) $($_.GetName().Version.Major)" }
            }
        }
        $said | Should -Contain 'ours 40'
        $said | Should -Contain "theirs $($robot.Width)"
        $said | Should -Contain 'Default 3'
        $said | Should -Contain 'NanoBanana.Imaging 2'
    }

    It 'is loaded only when needed, and not into the default context' {
        $said = Invoke-Fresh -Arguments $manifest, $robot.Path {
            param($manifest, $picture)
            Import-Module $manifest
            $null = Import-NbImage $picture
            "before $(@([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -like 'SixLabors*' }).Count)"
            $null = Convert-NbImage $picture -Width 40
            "default $(@([Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | Where-Object { $_.GetName().Name -like 'SixLabors*' }).Count)"
        }
        $said | Should -Be 'before 0', 'default 0'
    }
}
