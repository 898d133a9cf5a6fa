# What is written to is what was asked for, or nothing is paid for and the reason is said.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive names))
    $connection = Connect-NbService -Offline
    $fox = New-NbImage 'a fox' -OutFile fox.jpg

    # The error ids that an act gives, without those of the service.
    function Get-Refusal([scriptblock] $Act) {
        $made = & $Act 2>&1
        $made | Where-Object { $_ -isnot [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
        $made | ForEach-Object { Get-NbErrorId $_ }
    }
}

AfterAll {
    Pop-Location
    $connection | Disconnect-NbService
}

Describe 'A name that is taken' {
    It 'is refused before anything is paid for: <Name>' -ForEach @(
        @{ Name = 'New-NbImage'; Act = { New-NbImage 'another fox' -OutFile fox.jpg } }
        @{ Name = 'New-NbImage without an extension'; Act = { New-NbImage 'another fox' -OutFile fox } }
        @{ Name = 'New-NbImage -Count'; Act = { New-NbImage 'another fox' -OutFile fox.jpg -Count 3 } }
        @{ Name = 'a row'; Act = { [pscustomobject]@{ prompt = 'another fox'; outFile = 'fox.jpg' } | New-NbImage } }
        @{ Name = 'Invoke-NbEdit'; Act = { Invoke-NbEdit 'at night' ./fox.jpg -OutFile fox.jpg } }
        @{ Name = 'Convert-NbImage'; Act = { Convert-NbImage ./fox.jpg -Width 20 -OutFile fox.jpg } }
        @{ Name = 'New-NbContactSheet'; Act = { New-NbContactSheet ./fox.jpg -OutFile fox.jpg } }
        @{ Name = 'Save-NbImage'; Act = { $fox | Save-NbImage -OutFile fox.jpg } }
    ) {
        $before = (Get-FileHash fox.jpg).Hash
        Get-Refusal $Act | Should -Be 'Nb.File.Exists'
        (Get-FileHash fox.jpg).Hash | Should -Be $before
        'fox-2.jpg' | Should -Not -Exist
    }

    It 'is replaced with -Force' {
        $kept = New-NbImage 'an old owl' -OutFile owl.jpg
        (New-NbImage 'a new owl' -OutFile owl.jpg -Force).Path | Should -Be $kept.Path
        (Import-NbImage owl.jpg).Prompt | Should -Be 'a new owl'
    }

    It 'is numbered for several images of one command without a warning' {
        $made = New-NbImage 'a hare' -Count 2 -OutFile hare.jpg -WarningVariable said
        $made.Path | Sort-Object | Split-Path -Leaf | Should -Be 'hare-2.jpg', 'hare.jpg'
        $said | Should -BeNullOrEmpty
    }

    It 'does not lose a paid picture, and the error names its file' {
        $saved = New-NbImage 'a third fox' | Save-NbImage fox.jpg -WarningVariable said -WarningAction SilentlyContinue
        Split-Path -Leaf $saved.Path | Should -Be fox-2.jpg
        "$said" | Should -Be 'Saved as fox-2.jpg: another file has the name fox.jpg.'
        Remove-Item fox-2.jpg*
    }
}

Describe 'An extension' {
    It 'of a format that is not written here is refused: <Name>' -ForEach @(
        @{ Name = 'bmp'; Act = { New-NbImage 'an elk' -OutFile elk.bmp } }
        @{ Name = 'gif of a row'; Act = { @{ prompt = 'an elk'; outFile = 'elk.gif' } | New-NbImage } }
        @{ Name = 'Convert-NbImage to bmp'; Act = { Convert-NbImage ./fox.jpg -Width 9 -OutFile elk.bmp } }
        @{ Name = 'Convert-NbImage to tiff'; Act = { Convert-NbImage ./fox.jpg -Width 9 -OutFile elk.TIFF } }
        @{ Name = 'Convert-NbImage against -Format'; Act = { Convert-NbImage ./fox.jpg -Format webp -OutFile elk.png } }
        @{ Name = 'Remove-NbBackground to jpg'; Act = { Remove-NbBackground ./fox.jpg -OutFile elk.jpg } }
        @{ Name = 'Compare-NbImage to jpg'; Act = { Compare-NbImage ./fox.jpg -Reference ./fox.jpg -OutFile elk.jpg } }
        @{ Name = 'transparent jpg'; Act = { New-NbImage 'an elk' -TransparentBackground -OutFile elk.jpg } }
    ) {
        $made = try { & $Act 2>&1 } catch { $_ }
        $made | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } |
            ForEach-Object { Get-NbErrorId $_ } | Should -Be 'Nb.File.UnsupportedExtension'
        'elk*' | Should -Not -Exist
    }

    It 'of an item that differs from the picture''s format is reported' {
        $null = @{ name = 'one'; prompt = 'a crane'; outFile = 'p1.png' } |
            Start-NbBatch -Destination cranes -Wait -WarningVariable said -WarningAction SilentlyContinue
        'cranes/p1.jpg' | Should -Exist
        "$said" | Should -Match 'one: Saved as p1\.jpg, not \.png: the picture is image/jpeg'
    }

    It 'of a transparent picture fits its format, and the model''s picture is saved beside it' {
        $made = New-NbImage 'a frog' -TransparentBackground -OutFile frog.png -WarningAction SilentlyContinue
        Split-Path -Leaf $made.Path | Should -Be frog.png
        Get-ChildItem frog* -Exclude *.json | ForEach-Object Name | Should -Be 'frog-model.jpg', 'frog.png'
        (New-NbImage 'a toad' -TransparentBackground -OutFile toad.webp -WarningAction SilentlyContinue).MimeType |
            Should -Be image/webp
    }
}

Describe 'A row''s path' {
    It 'stays inside the folder: <_>' -ForEach '..\..\evil.jpg', '../evil.jpg', 'a/../../evil.jpg', 'C:\evil.jpg',
    '/tmp/evil.jpg', '\\server\share\evil.jpg', 'C:evil.jpg' {
        Get-Refusal { [pscustomobject]@{ prompt = 'a ghost'; outFile = $_ } | New-NbImage -Destination inside } |
            Should -Be 'Nb.Manifest.PathEscapes'
        Get-Refusal { [pscustomobject]@{ path = 'fox.jpg'; outFile = $_ } | Invoke-NbEdit 'at night' } |
            Should -Be 'Nb.Manifest.PathEscapes'
    }

    It 'may name a subfolder with a backslash' {
        $made = [pscustomobject]@{ prompt = 'a ghost'; outFile = 'deep\ghost.jpg' } | New-NbImage -Destination inside
        $made.Path | Should -Be (Join-Path $PWD inside deep ghost.jpg)
    }
}
