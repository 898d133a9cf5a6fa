# The same pipelines by both of the service's ways: commands, objects, files and errors are the same.

BeforeDiscovery {
    $ways = @(@{ Api = 'GenerateContent' }, @{ Api = 'Interactions' })
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
}

Describe 'By <Api>' -ForEach $ways {
    BeforeEach {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid())))
        $connection = Connect-NbService -Offline -Api $Api
    }

    AfterEach {
        $connection | Disconnect-NbService
        Pop-Location
    }

    It 'the connection shows the API' {
        (Get-NbConnection).Api | Should -Be $Api
        (Get-NbConnection).KeepsAnswers | Should -Be ($Api -eq 'Interactions')
    }

    It 'prompts become saved images with a cost' {
        $images = 'a fox', 'an owl' | New-NbImage -Destination .
        $images | Should -HaveCount 2
        $images.Path | Should -Exist
        $images | ForEach-Object { $_.Cost | Should -BeGreaterThan 0 }
    }

    It 'an edit continues the conversation, at once and after importing the image' {
        $fox = New-NbImage 'a fox' -Destination .
        ($fox | Invoke-NbEdit 'add a scarf').Conversation.Turns.Length | Should -Be 4
        $edit = Import-NbImage $fox.Path | Invoke-NbEdit 'at night' -WarningVariable warnings
        $edit.Conversation.Turns.Length | Should -Be 4
        $warnings | Should -BeNullOrEmpty
    }

    It 'anchors are sent with each request' {
        New-NbImage 'a courier' | Set-NbAnchor kael -Description 'a courier with a green cap'
        (New-NbImage 'Kael rides' -Anchor kael).Anchors | Should -Be 'kael'
        Remove-NbAnchor kael
    }

    It 'a video, a PDF and addresses are sent and come back with the image' {
        [IO.File]::WriteAllText((Join-Path $PWD brief.pdf), '%PDF-1.4 /Type/Page %%EOF')
        $image = New-NbImage 'a fox' -Reference brief.pdf, 'https://youtu.be/abc', @{ path = 'gs://b/run.mp4'; role = 'Pose' } -ByReference -Destination . -WarningAction SilentlyContinue
        @($image | Invoke-NbEdit 'at night' -WarningAction SilentlyContinue) | Should -HaveCount 1
        (Import-NbImage $image.Path).References.Picture.Name | Should -Be 'run.mp4', 'brief.pdf', 'youtu.be'
        $row = [pscustomobject]@{ prompt = 'an owl'; references = 'brief.pdf;https://youtu.be/abc'; mediaResolution = 'low' }
        @($row | New-NbImage -WarningAction SilentlyContinue) | Should -HaveCount 1
    }

    It 'a search filter works if the API has it, and is refused by name otherwise' {
        $day = [datetime]'2026-11-01'
        $asked = @{ Grounding = 'web'; SearchAfter = $day; SearchBefore = $day.AddDays(9) }
        New-NbImage 'a fox' @asked -ErrorAction SilentlyContinue -ErrorVariable refused | Should -HaveCount ([int]($Api -eq 'GenerateContent'))
        if ($Api -eq 'Interactions') { $refused[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Request.UnsupportedOption*' }
        New-NbImage 'a fox' -Grounding web -ExcludeDomain example.com -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Request.UnsupportedOption*'
        $row = [pscustomobject]@{ prompt = 'an owl'; grounding = 'web'; searchAfter = '2026-11-01' }
        $row | New-NbImage -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Request.*'
    }

    It 'an address that cannot be fetched and a document for a model without documents are refused' {
        New-NbImage 'a fox' -Reference gs://b/fox.png -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Request.NotFetched*'
        New-NbImage 'a fox' -Reference gs://b/a.pdf -ByReference -Model nb-pro -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Request.UnsupportedInput*'
    }

    It 'a batch is made, and is up to date after' {
        $rows = @{ name = 'a'; prompt = 'a fox' }, @{ name = 'b'; from = 'a'; edit = 'at night' }
        @($rows | Start-NbBatch -Destination shots -Wait | Receive-NbBatch) | Should -HaveCount 2
        (Start-NbBatch -Destination shots -Wait).Summary.UpToDate | Should -Be 2
    }

    It 'a refusal is the same error' {
        New-NbImage 'a fox [[IMAGE_SAFETY]]' -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Answer.NoImage*'
    }

    It 'a budget is respected' {
        'a fox', 'an owl' | New-NbImage -MaxCost 0.00001 -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Budget.*'
    }
}

Describe 'Resume-NbImage' {
    BeforeEach { Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))) }

    AfterEach { Pop-Location }

    It 'fetches a lost answer once, under its name, without paying' {
        $connection = Connect-NbService -Offline -Api Interactions -MaximumRetryCount 0 -Fault @{ fault = 'cutAfterCreated'; nth = 1 },
            @{ fault = 'resetOnArrival'; method = 'GET'; nth = 1 }
        New-NbImage 'a fox' -OutFile den.jpg -ErrorAction SilentlyContinue -ErrorVariable lost | Should -BeNullOrEmpty
        $lost[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Answer.NotFetched*'
        Resume-NbImage -WhatIf
        'den.jpg' | Should -Not -Exist
        $image = Resume-NbImage
        $image.Path | Should -Be (Join-Path $PWD den.jpg)
        $image.Prompt | Should -Be 'a fox'
        Resume-NbImage | Should -BeNullOrEmpty
        ($image | Invoke-NbEdit 'at night').Conversation.Turns.Length | Should -Be 4
        $connection | Disconnect-NbService
    }

    It 'has nothing to fetch with -NoStore, and says so' {
        Connect-NbService -Offline -Api Interactions -NoStore -WarningVariable said -WarningAction SilentlyContinue | Out-Null
        $said | Should -BeLike '*keeps no answers*'
    }
}
