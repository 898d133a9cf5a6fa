# What the review page holds; tests/report looks at it in a browser.
BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')
    $folder = Join-Path $TestDrive 'spring campaign #1'
    $page = & "$PSScriptRoot/../report/New-Page.ps1" -ModulePath $module -Destination $folder
    $html = Get-Content -Raw $page
    $data = [regex]::Match($html, '(?s)<script id="data" type="application/json">(.*?)</script>').Groups[1].Value | ConvertFrom-Json
}

AfterAll { Disconnect-NbService -ErrorAction Ignore; Remove-NbAnchor kael -ErrorAction Ignore }

Describe 'Export-NbReport' {
    It 'returns the page, a file in the folder' {
        $page | Should -BeOfType System.IO.FileInfo
        $page.FullName | Should -Be (Join-Path $folder 'report.html')
    }

    It 'lists every image in the order it was made' {
        $data.items.prompt | Select-Object -First 2 | Should -Be 'A brass robot barista, plain background', 'kael pours latte art in a cafe'
        $data.items | Should -HaveCount 7
    }

    It 'links the image files' {
        foreach ($item in $data.items) {
            $item.file | Should -BeLike './*'
            Join-Path $folder ([uri]::UnescapeDataString($item.file)) | Should -Exist
        }
    }

    It 'shows which image was edited from which' {
        $snow = $data.items | Where-Object prompt -EQ 'Add falling snow'
        $data.items[$snow.parent].prompt | Should -Be 'Make it night: neon signs outside'
        $data.items[$data.items[$snow.parent].parent].prompt | Should -Be 'kael pours latte art in a cafe'
    }

    It 'still shows it when an image is imported and saved again' {
        $copy = Join-Path $TestDrive copy
        Get-ChildItem $folder *.jpg | Import-NbImage | Save-NbImage -Destination $copy | Out-Null
        $again = Get-Content -Raw (Export-NbReport $copy)
        $again | Should -Match '"parent":\d'
    }

    It 'contains no markup from a prompt' {
        $html | Should -Not -Match '<img src=x'
    }

    It 'loads nothing from an address' {
        $html | Should -Not -Match '(src|href)="?https?:'
    }

    It 'links relative to a page elsewhere' {
        $other = Export-NbReport $folder -OutFile (Join-Path $TestDrive 'pages/spring.html')
        Get-Content -Raw $other | Should -Match '"file":"\./\.\./spring%20campaign%20%231/'
    }

    It 'shows as a file in its folder' {
        $page | Out-String | Should -Match 'Directory: .*spring campaign'
    }

    It 'takes batches, folders and images from the pipeline' {
        $batch = 'a fox', 'an owl' | Start-NbBatch -Destination (Join-Path $TestDrive animals) -Wait
        ($batch | Export-NbReport).FullName | Should -Be (Join-Path $TestDrive animals report.html)
        (Get-Item (Join-Path $TestDrive animals) | Export-NbReport).Name | Should -Be report.html
        $two = Get-ChildItem $folder *.jpg | Select-Object -First 2 | Import-NbImage |
            Export-NbReport -OutFile (Join-Path $TestDrive two.html) -Title Two
        @($two).Count | Should -Be 1
        $shown = [regex]::Match((Get-Content -Raw $two), '(?s)type="application/json">(.*?)</script>').Groups[1].Value | ConvertFrom-Json
        $shown.title, $shown.items.Count | Should -Be Two, 2
    }

    It 'reports an image that is not saved yet' {
        New-NbImage 'a cup' | Export-NbReport -OutFile (Join-Path $TestDrive none.html) -ErrorVariable problem -ErrorAction SilentlyContinue
        Get-NbErrorId $problem[0] | Should -Be 'Nb.File.NotSaved'
    }

    It 'contains small copies of its pictures with -SelfContained' {
        $alone = Export-NbReport $folder -SelfContained -OutFile (Join-Path $TestDrive mail/spring.html)
        $text = Get-Content -Raw $alone
        $text | Should -Match '"file":"data:image/webp;base64,'
        $text | Should -Not -Match '"file":"\./'
        $text | Should -Match 'img-src data:;'
    }

    It 'opens the page with -Show, and emits it then with -PassThru only' -Skip:(-not $IsLinux) {
        $bin = New-Item -ItemType Directory (Join-Path $TestDrive bin)
        $opened = Join-Path $TestDrive opened.txt
        Set-Content "$bin/xdg-open" "#!/bin/sh`nprintf '%s' `"`$1`" > '$opened.part' && mv '$opened.part' '$opened'"
        chmod +x "$bin/xdg-open"
        $before = $env:PATH
        try {
            $env:PATH = "${bin}:$before"
            Export-NbReport $folder -Show | Should -BeNullOrEmpty
            $clock = [Diagnostics.Stopwatch]::StartNew()
            while (-not (Test-Path $opened) -and $clock.Elapsed.TotalSeconds -lt 60) { [Threading.Thread]::Sleep(20) }
            Get-Content $opened | Should -Be $page.FullName
            (Export-NbReport $folder -Show -PassThru).Name | Should -Be report.html
        } finally { $env:PATH = $before }
    }

    It 'writes nothing with -WhatIf' {
        Export-NbReport $folder -OutFile (Join-Path $TestDrive none.html) -WhatIf | Should -BeNullOrEmpty
        Join-Path $TestDrive none.html | Should -Not -Exist
    }

    It 'says that a folder is missing' {
        Export-NbReport (Join-Path $TestDrive nowhere) -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Nb.File.NotFound*'
    }

    It 'shows a picture whose sidecar is broken, and says so' {
        $broken = Join-Path $TestDrive broken
        $image = New-NbImage 'a cup' -Destination $broken
        Set-Content "$($image.Path).nb.json" '{'
        Get-Content -Raw (Export-NbReport $broken) | Should -Match '"state":"Foreign".*cannot be read'
    }
}
