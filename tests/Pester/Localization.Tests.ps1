BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $fault = '[{"fault":"misspelling","path":"*nano-banana*","nth":2},{"fault":"misspelling","path":"*nano-banana*","nth":3}]'
    $strings = @"
key,en,de,ja,ar
title,Summer sale,Sommerschlussverkauf,夏のセール,تخفيضات الصيف
button,Shop now,Jetzt kaufen,今すぐ購入,تسوق الآن
"@

    function New-Poster {
        param([string]$Folder)

        $null = New-Item -ItemType Directory $Folder
        $strings | Set-Content (Join-Path $Folder strings.csv)
        New-NbImage 'a poster that says "Summer sale" and "Shop now"' -OutFile (Join-Path $Folder hero.jpg)
    }
}

Describe 'Lettering in other languages' {
    It 'makes one branch for each language, checks it, tries again with the differences, and makes it once' {
        $null = Connect-NbService -Offline -Fault $fault
        $folder = Join-Path $TestDrive poster
        $hero = New-Poster $folder
        $arguments = @{ Text = (Join-Path $folder strings.csv); Language = 'de', 'ja', 'ar'; SourceLanguage = 'en'; MaximumTryCount = 3; ThrottleLimit = 1 }
        $made = @(New-NbLocalization $hero.Path @arguments)

        $made.Path.ForEach{ Split-Path $_ -Leaf } | Should -Be 'hero.de.jpg', 'hero.ja.jpg', 'hero.ar.jpg'
        $made.ForEach{ $_.Verdict.IsAccepted } | Should -Be $true, $true, $true
        $made.ForEach{ $_.ParentSha256 } | Should -Be @($hero.Sha256, $hero.Sha256, $hero.Sha256)
        $made[0].Verdict.Try | Should -Be 3
        $made[0].ComposedPrompt | Should -Match '"Sommerschlussverkauf" reads ‘Smomerschlussverkauf’: 2 letters wrong'
        $made[2].Prompt | Should -Match 'right to left'
        # Started again, it goes on: nothing is paid for.
        $billed = Get-Billed
        # Six pictures, five of them judged.
        $billed | Should -Be 11
        @(New-NbLocalization $hero.Path @arguments).Path | Should -Be $made.Path
        Get-Billed | Should -Be $billed
        # Other words make that one again; the old one makes room and is kept.
        $strings.Replace('Sommer', 'Winter') | Set-Content (Join-Path $folder strings.csv)
        $null = New-NbLocalization $hero.Path @arguments
        Get-Billed | Should -Be ($billed + 2)
        (Import-NbImage (Join-Path $folder hero.de.jpg)).Prompt | Should -Match 'Winterschlussverkauf'
        Join-Path $folder .nb/replaced/hero.de-1.jpg | Should -Exist
    }

    It 'is emitted with its verdict and an error when it stays wrong' {
        $null = Connect-NbService -Offline -Fault misspelling
        $made = New-NbImage 'a sign "Open"' |
            New-NbLocalization -Text @{ de = 'Geöffnet' } -MaximumTryCount 2 -ErrorVariable failed -ErrorAction SilentlyContinue
        $made.Verdict.IsAccepted | Should -BeFalse
        $made.Verdict.Reasons | Should -Match '2 letters wrong'
        Get-NbErrorId $failed[0] | Should -Be 'Nb.Judge.Rejected'
    }

    It 'respects -MaxCost' {
        $null = Connect-NbService -Offline
        $hero = New-Poster (Join-Path $TestDrive budget)
        $before = (Get-NbEmulator).Statistics.BilledUsd
        $made = New-NbLocalization $hero.Path (Join-Path $TestDrive budget/strings.csv) -MaxCost 0.15 -ErrorVariable failed -ErrorAction SilentlyContinue
        (Get-NbEmulator).Statistics.BilledUsd - $before | Should -BeLessOrEqual 0.15
        @($made).Count | Should -BeLessThan 4
        Get-NbErrorId $failed[0] | Should -BeLike 'Nb.Budget.*'
    }

    It 'refuses <Name> before anything is paid for' -ForEach @(
        @{ Name = 'an unknown language'; Arguments = @{ Text = @{ de = 'x' }; Language = 'jp' }; Id = 'Nb.Localization.UnknownLanguage' }
        @{ Name = 'a language that is missing'; Arguments = @{ Text = @{ de = 'x' }; Language = 'fr' }; Id = 'Nb.Localization.MissingLanguage' }
        @{ Name = 'an empty text'; Arguments = @{ Text = @{ de = '' } }; Id = 'Nb.Localization.EmptyText' }
        @{ Name = 'a template without text'; Arguments = @{ Text = @{ de = 'x' }; Template = 'sticker' }; Id = 'Nb.Localization.TemplateWithoutText' }
    ) {
        $null = Connect-NbService -Offline
        $hero = New-NbImage 'a fox'
        $billed = Get-Billed
        { $hero | New-NbLocalization @Arguments -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
        Get-Billed | Should -Be $billed
    }
}
