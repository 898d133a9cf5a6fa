BeforeDiscovery {
    $browser = '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', $env:NB_CHROMIUM |
        Where-Object { $_ -and (Test-Path $_) } | Select-Object -First 1
    $driver = Join-Path $PSScriptRoot '../report/node_modules/playwright-core'
    $missing = @(
        if (-not $browser) { 'Chromium' }
        if (-not (Get-Command node -ErrorAction Ignore)) { 'Node' }
        if (-not (Test-Path $driver)) { 'playwright-core (npm ci in tests/report)' }
    )
}

BeforeAll {
    $module = $env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')
    Import-Module (Join-Path $module 'NanoBanana.PowerShell.psd1') -ErrorAction Stop
    $null = Connect-NbService -Offline

    $folder = Join-Path $TestDrive 'spring campaign #1'
    $robot = New-NbImage 'A brass robot barista, plain background' -Destination $folder
    Set-NbAnchor kael $robot -Description 'a brass robot'
    $cafe = New-NbImage 'kael pours latte art in a cafe' -Anchor kael -AspectRatio 16:9 -Destination $folder
    $night = $cafe | Invoke-NbEdit 'Make it night: neon signs outside' -Destination $folder
    $null = $night | Invoke-NbEdit 'Add falling snow' -Destination $folder
    $null = New-NbImage '<img src=x onerror="window.hacked=1"></script><script>window.hacked=2</script>' -Destination $folder
    $null = New-NbImage 'the tallest building this year' -Grounding Web -Model nb2.1 -AspectRatio 3:4 -Destination $folder
    $null = New-NbImage 'Steam over a cup' -Model nb-pro -AspectRatio 21:9 -Destination $folder
    $page = Export-NbReport $folder -Title 'Spring campaign'
    $html = Get-Content -Raw $page
    $data = [regex]::Match($html, '(?s)<script id="data" type="application/json">(.*?)</script>').Groups[1].Value | ConvertFrom-Json
}

AfterAll { Disconnect-NbService -ErrorAction Ignore; Remove-NbAnchor kael -ErrorAction Ignore }

Describe 'Export-NbReport' {
    It 'gives the page as a file in the folder' {
        $page | Should -BeOfType System.IO.FileInfo
        $page.FullName | Should -Be (Join-Path $folder 'report.html')
    }

    It 'lists every image as it was made' {
        $data.items.prompt | Select-Object -First 2 | Should -Be 'A brass robot barista, plain background', 'kael pours latte art in a cafe'
        $data.items | Should -HaveCount 7
    }

    It 'links the images where they lie' {
        foreach ($item in $data.items) {
            $item.file | Should -BeLike './*'
            Join-Path $folder ([uri]::UnescapeDataString($item.file)) | Should -Exist
        }
    }

    It 'knows what came from what' {
        $snow = $data.items | Where-Object prompt -EQ 'Add falling snow'
        $data.items[$snow.parent].prompt | Should -Be 'Make it night: neon signs outside'
        $data.items[$data.items[$snow.parent].parent].prompt | Should -Be 'kael pours latte art in a cafe'
    }

    It 'still knows it after an image was imported and saved anew' {
        $copy = Join-Path $TestDrive copy
        Get-ChildItem $folder *.jpg | Import-NbImage | Save-NbImage -Destination $copy | Out-Null
        $again = Get-Content -Raw (Export-NbReport $copy)
        $again | Should -Match '"parent":\d'
    }

    It 'has no line of markup from a prompt' {
        $html | Should -Not -Match '<img src=x'
    }

    It 'holds no address to load from' {
        $html | Should -Not -Match '(src|href)="?https?:'
    }

    It 'links relative to a page elsewhere' {
        $other = Export-NbReport $folder -Path (Join-Path $TestDrive 'pages/spring.html')
        Get-Content -Raw $other | Should -Match '"file":"\./\.\./spring%20campaign%20%231/'
    }

    It 'writes nothing with -WhatIf' {
        Export-NbReport $folder -Path (Join-Path $TestDrive none.html) -WhatIf | Should -BeNullOrEmpty
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

Describe 'The page in a browser' {
    It 'works there (report.test.mjs)' -Skip:([bool]$missing) {
        $env:NB_REPORT = $page.FullName
        try { $said = node --test (Join-Path $PSScriptRoot '../report/report.test.mjs') 2>&1 | Out-String }
        finally { $env:NB_REPORT = $null }
        $said | Should -Match '(?m)^. skipped 0\s*$'
        $said | Should -Match '(?m)^. fail 0\s*$' -Because $said
    }

    It 'was left out: no <_>' -Skip -ForEach $missing { }
}
