BeforeAll {
    $module = ($env:NB_MODULE ? $env:NB_MODULE : (Join-Path $PSScriptRoot '../../out/NanoBanana.PowerShell')) | Join-Path -ChildPath NanoBanana.PowerShell.psd1 | Resolve-Path
    Import-Module $module -ErrorAction Stop

    # Another process, in another folder, as on another machine.
    function Invoke-Elsewhere([string]$Folder, [string]$Script) {
        $text = "`$ErrorActionPreference = 'Stop'; Set-Location -LiteralPath '$Folder'; Import-Module '$module'; `$null = Connect-NbService -Offline; $Script"
        $output = & "$PSScriptRoot/../../tools/Invoke-Shell.ps1" -NoProfile -NonInteractive -Command $text 2>&1
        if ($LASTEXITCODE) { throw "$output" }
        $output
    }

    function Get-Band($Image) {
        [NanoBanana.Emulator.Drawing.EmulatorPicture]::TryRead([IO.Stream][IO.MemoryStream]::new($Image.GetBytes())).Bands.Hash
    }

    function Get-BandOf($Picture) { $Picture.Sha256.Substring(0, 16) }
}

Describe 'Characters and conversations' {
    BeforeEach {
        $null = Connect-NbService -Offline
        Push-Location $TestDrive
        $here = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Set-Location $here
    }

    AfterEach {
        Pop-Location
        Remove-NbAnchor * -ErrorAction Ignore
    }

    Context 'A character that lasts' {
        It 'is made on one machine, drawn from all sides, and used on another' {
            $null = New-Item -ItemType Directory one, two
            Invoke-Elsewhere "$here/one" 'New-NbCharacterSheet "a detective with a red scarf" -SetAnchor kael -Library ./library -Destination sheet | Out-Null'
            Copy-Item one/library two/cast -Recurse
            Remove-Item one -Recurse -Force

            Invoke-Elsewhere "$here/two" 'New-NbImage "eating noodles in the rain" -Anchor kael -Library ./cast -OutFile noodles.jpg | Out-Null'

            $image = Import-NbImage two/noodles.jpg
            $anchor = Get-NbAnchor kael -Library two/cast
            $anchor.Pictures | Should -HaveCount 4
            $anchor.Description | Should -Be 'a detective with a red scarf'
            foreach ($picture in $anchor.Pictures) { Get-Band $image | Should -Contain (Get-BandOf $picture) }
            $image.Anchors | Should -Be 'kael'
        }

        It 'lives in the session without a library' {
            New-NbImage 'a fox' | Set-NbAnchor fox
            (New-NbImage 'running' -Anchor fox).Anchors | Should -Be 'fox'
        }

        It 'reports a missing library to <Name>' -ForEach @(
            @{ Name = 'Get-NbAnchor'; Use = { Get-NbAnchor -Library ./none } }
            @{ Name = 'Get-NbAnchor of a name'; Use = { Get-NbAnchor fox -Library ./none } }
            @{ Name = 'Remove-NbAnchor'; Use = { Remove-NbAnchor fox -Library ./none } }
            @{ Name = 'New-NbImage'; Use = { New-NbImage 'running' -Anchor stranger -Library ./none } }
        ) {
            $failure = & $Use 2>&1
            $failure.FullyQualifiedErrorId | Should -BeLike 'Nb.File.NotFound,*'
            "$failure" | Should -BeLike "There is no folder '*none'."
            './none' | Should -Not -Exist
        }

        It 'reports an invalid wildcard in a name' {
            (Get-NbAnchor 'fox[' 2>&1).FullyQualifiedErrorId | Should -BeLike 'Nb.Request.InvalidPattern,*'
        }

        It 'is found in a default library' {
            New-NbImage 'a fox' | Set-NbAnchor fox -Library ./library
            $PSDefaultParameterValues = @{ '*-Nb*:Library' = './library' }
            (New-NbImage 'running' -Anchor fox).Anchors | Should -Be 'fox'
        }

        It 'goes into a request as an object' {
            New-NbImage 'a fox' | Set-NbAnchor fox -Library ./library
            (New-NbImage 'running' -Anchor (Get-NbAnchor fox -Library ./library)).Anchors | Should -Be 'fox'
        }

        It 'keeps several pictures and says how they count' {
            1..3 | ForEach-Object { New-NbImage "a fox $_" } | Set-NbAnchor fox -Library ./library -Role Object
            $anchor = Get-NbAnchor -Library ./library
            $anchor.Pictures | Should -HaveCount 3
            $anchor.Limits.Where{ $_.Model -eq 'gemini-nano-banana-2.1' } | Should -BeLike '*3 of 10 for Object, 3 of 14'
        }

        It 'composes three anchors into one request, in order, and shows it with -WhatIf' {
            New-NbImage 'a man' | Set-NbAnchor kael -Description 'a detective'
            New-NbImage 'ink' | Set-NbAnchor noir -Role Style
            New-NbImage 'a street' | Set-NbAnchor alley -Role Background
            $image = New-NbImage 'waits' -Anchor alley, noir, kael
            $image.ComposedPrompt | Should -BeLike "Image 1 is the character kael: a detective.*Image 2 is the style noir.*Image 3 is the background alley.*waits*Keep kael*"
        }

        It 'is refused above the limit, with the anchors to leave out' {
            1..5 | ForEach-Object { New-NbImage "hero $_" | Set-NbAnchor "hero$_" }
            New-NbImage 'all' -Anchor hero1, hero2, hero3, hero4, hero5 -ErrorAction SilentlyContinue -ErrorVariable refused
            $refused[0].ErrorDetails.RecommendedAction | Should -BeLike 'Drop hero5*'
        }

        It 'is removed only on request, and only from the given place' {
            New-NbImage 'a fox' | Set-NbAnchor fox -Library ./library
            Remove-NbAnchor fox -Library ./library -WhatIf
            Get-NbAnchor -Library ./library | Should -HaveCount 1
            Remove-NbAnchor f* -Library ./library
            Get-NbAnchor -Library ./library | Should -BeNullOrEmpty
            Get-ChildItem ./library/pictures | Should -BeNullOrEmpty
        }

        It 'is completed by tab from the library that is typed' {
            New-NbImage 'a fox' | Set-NbAnchor fox -Library ./library
            (TabExpansion2 'New-NbImage x -Library ./library -Anchor f').CompletionMatches.CompletionText | Should -Be 'fox'
        }
    }

    Context 'A character sheet' {
        It 'makes an image for each view, with the earlier ones as references' {
            $images = New-NbCharacterSheet 'a robot' -View front, back, 'seen from above'
            $images | Should -HaveCount 3
            Get-Band $images[2] | Should -Contain (Get-BandOf $images[0])
            Get-Band $images[2] | Should -Contain (Get-BandOf $images[1])
            $images[2].ComposedPrompt | Should -BeLike '*seen from above*'
        }

        It 'names its files after the character and the view' {
            New-NbImage 'a robot' | Set-NbAnchor robot
            $null = New-NbCharacterSheet -Anchor robot -View front, 'Seen from above!' -Destination sides
            (Get-ChildItem sides/*.jpg).BaseName | Should -Be 'robot-front', 'robot-seen-from-above'
        }

        It 'starts from an anchor' {
            New-NbImage 'a robot' | Set-NbAnchor robot -Description 'a tin robot'
            $image = New-NbCharacterSheet -Anchor robot -View side
            Get-Band $image | Should -Contain (Get-BandOf (Get-NbAnchor robot).Pictures[0])
            $image.ComposedPrompt | Should -BeLike '*robot: a tin robot*'
        }

        It 'asks for a description or an anchor' {
            New-NbCharacterSheet -ErrorAction SilentlyContinue -ErrorVariable nobody
            $nobody.FullyQualifiedErrorId | Should -BeLike 'Nb.Sheet.NoSubject*'
        }

        It 'draws nothing with -WhatIf' {
            New-NbCharacterSheet 'a robot' -SetAnchor robot -WhatIf | Should -BeNullOrEmpty
            Get-NbAnchor | Should -BeNullOrEmpty
        }

        It 'takes wording from the user' {
            '{ "sheet": { "views": { "above": "from a bird''s view" } } }' | Set-Content words.json
            $null = Connect-NbService -Offline -CompositionPath words.json
            (New-NbCharacterSheet 'a robot' -View above).ComposedPrompt | Should -BeLike "*from a bird's view*"
            (TabExpansion2 'New-NbCharacterSheet x -View a').CompletionMatches.CompletionText | Should -Be 'above'
        }
    }

    Context 'A prompt template' {
        It 'is filled and piped on' {
            $image = New-NbPrompt sticker -Value @{ subject = 'a hedgehog'; style = 'kawaii' } | New-NbImage
            $image.Prompt | Should -BeLike 'A kawaii sticker of a hedgehog.*'
        }

        It 'names the slot that is missing' {
            New-NbPrompt inpaint @{ target = 'the sofa' } -ErrorAction SilentlyContinue -ErrorVariable missing
            $missing.FullyQualifiedErrorId | Should -BeLike 'Nb.Template.MissingSlot*'
            "$missing" | Should -BeLike '*replacement*'
        }

        It 'is filled from rows' {
            $prompts = @'
subject,setting,OutFile
a heron,a misty pond,heron.jpg
a tram,Lisbon,tram.jpg
'@ | ConvertFrom-Csv | New-NbPrompt photorealistic
            $prompts | Should -HaveCount 2
            $prompts[1] | Should -BeLike '*of a tram in Lisbon.*'
        }

        It 'comes from the user''s folder too' {
            $null = New-Item -ItemType Directory mine
            '{ "name": "postcard", "text": ["A postcard of {town}."] }' | Set-Content mine/postcard.json
            New-NbPrompt postcard town=Bern -Path mine | Should -Be 'A postcard of Bern.'
            (Get-NbPromptTemplate -Path mine).Name | Should -Contain 'postcard'
        }

        It 'is found by name, by wildcards and by kind' {
            Get-NbPromptTemplate sticker, inpaint -Kind edit | ForEach-Object Name | Should -Be inpaint
            Get-NbPromptTemplate s* -Kind edit | ForEach-Object Name | Should -Be style-transfer, sketch-to-finished
            (Get-NbPromptTemplate 'stick[' 2>&1).FullyQualifiedErrorId | Should -BeLike 'Nb.Request.InvalidPattern,*'
        }

        It 'completes names, kinds and slots' {
            (TabExpansion2 'New-NbPrompt stic').CompletionMatches.CompletionText | Should -Be 'sticker'
            (TabExpansion2 'New-NbPrompt inpaint -Value t').CompletionMatches.CompletionText | Should -Contain "'target='"
            (TabExpansion2 'Get-NbPromptTemplate -Kind e').CompletionMatches.CompletionText | Should -Be 'edit'
        }
    }

    Context 'A conversation' {
        It 'continues in several processes, with branches' {
            $null = New-NbImage 'a lighthouse' -OutFile 0.jpg
            for ($process = 0; $process -lt 3; $process++) {
                Invoke-Elsewhere $here "1..5 | ForEach-Object { `$n = 5 * $process + `$_; Invoke-NbEdit `"edit `$n`" -Path ./`$(`$n - 1).jpg -OutFile `"`$n.jpg`" | Out-Null }; Invoke-NbEdit 'a branch' -Path ./$(5 * $process + 5).jpg -From $(2 * $process + 2) -OutFile 'branch-$($process + 1).jpg' | Out-Null"
            }
            $image = Import-NbImage 15.jpg
            $image.Conversation.Turns | Should -HaveCount 32
            (Invoke-NbEdit 'the end' $image).Conversation.Turns | Should -HaveCount 34
            (Get-NbHistory -Path branch-3.jpg) | Should -HaveCount 8
            $blobs = Get-ChildItem .nb/blobs -Recurse -File
            $hashes = $blobs | Get-FileHash | ForEach-Object { $_.Hash.ToLowerInvariant() }
            @($hashes | Select-Object -Unique) | Should -HaveCount $blobs.Count
            $hashes | Should -Be ($blobs | ForEach-Object { $_.Directory.Name + $_.Name })
        }

        It 'is saved by several processes into one folder at the same time' {
            $null = New-NbImage 'a mill' -OutFile mill.jpg
            $shell = Join-Path $PSScriptRoot '../../tools/Invoke-Shell.ps1'
            $jobs = foreach ($number in 1..2) {
                Start-ThreadJob {
                    & $using:shell -NoProfile -NonInteractive -Command "Set-Location -LiteralPath '$using:here'; Import-Module '$using:module'; `$null = Connect-NbService -Offline; 1..6 | ForEach-Object { Invoke-NbEdit edit -Path mill.jpg -Destination . } | ForEach-Object Path"
                }
            }
            $paths = $jobs | Receive-Job -Wait -AutoRemoveJob
            $paths | Sort-Object -Unique | Should -HaveCount 12
            foreach ($image in Import-NbImage $paths) { (Invoke-NbEdit 'more' $image).Conversation.Turns | Should -HaveCount 6 }
        }

        It 'shows its turns, and any image of it starts a branch' {
            $image = New-NbImage 'a mill' | Invoke-NbEdit 'in winter' | Invoke-NbEdit 'at night' -OutFile mill.jpg
            $turns = Get-NbHistory -Path mill.jpg
            $turns.Index | Should -Be (1..6)
            $turns[1].Cost | Should -BeGreaterThan 0
            $turns[1].Signatures | Should -BeGreaterThan 0
            $branch = Invoke-NbEdit 'in spring' -Path mill.jpg -From 2
            $branch.Conversation.Turns | Should -HaveCount 4
            $branch.Parent.Sha256 | Should -Be $turns[1].Images[0].Sha256
            (Import-NbImage mill.jpg).Parent.Parent.Prompt | Should -Be 'a mill'
            $image.Parent.Prompt | Should -Be 'in winter'
        }

        It 'is bounded with -MaxHistory' {
            $image = New-NbImage 'a mill' | Invoke-NbEdit 'in winter' | Invoke-NbEdit 'at night'
            $edited = Invoke-NbEdit 'with a moon' $image -MaxHistory 2 -WarningVariable said -WarningAction SilentlyContinue
            $edited.Conversation.Turns | Should -HaveCount 4
            $said | Should -BeLike 'Only the last 2 of 6 turns*'
        }

        It 'starts a new conversation when the model changes, and warns' {
            $image = New-NbImage 'a mill'
            $edited = Invoke-NbEdit 'in winter' $image -Model nb-pro -WarningVariable said -WarningAction SilentlyContinue
            $edited.Conversation.Turns | Should -HaveCount 2
            "$said" | Should -BeLike '*starts a new conversation*'
        }

        It 'returns an image for each picture of an answer, with the text before it' {
            $images = New-NbImage 'a recipe [[INTERLEAVED:3]]'
            $images.Text | Should -Be 'Step 1 of 3.', 'Step 2 of 3.', 'Step 3 of 3.'
            (New-NbImage 'a mill' -ImageOnly).Text | Should -BeNullOrEmpty
        }
    }

    Context 'A store' {
        It 'lists and removes unused files' {
            $null = New-NbImage 'a mill' | Invoke-NbEdit 'in winter' -OutFile mill.jpg
            Get-NbBlob -Orphan | Should -BeNullOrEmpty
            Get-NbBlob | Remove-NbBlob -ErrorAction SilentlyContinue -ErrorVariable needed
            $needed[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Blob.InUse*'
            Remove-Item mill.jpg, mill.jpg.nb.json
            Get-NbBlob -Orphan | Remove-NbBlob -WhatIf
            Get-NbBlob -Orphan | Should -Not -BeNullOrEmpty
            Get-NbBlob -Orphan | Remove-NbBlob
            Get-NbBlob | Should -BeNullOrEmpty
        }

        It 'names a missing file, and advises -Rebase' {
            $null = New-NbImage 'a mill' | Invoke-NbEdit 'in winter' -OutFile mill.jpg
            Remove-Item .nb/blobs -Recurse -Force
            Invoke-NbEdit 'at night' -Path mill.jpg -ErrorAction SilentlyContinue -ErrorVariable missing
            $missing[0].FullyQualifiedErrorId | Should -BeLike 'Nb.Blob.Missing*'
            $missing[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Rebase*'
            Invoke-NbEdit 'at night' -Path mill.jpg -Rebase | Should -HaveCount 1
        }
    }
}
