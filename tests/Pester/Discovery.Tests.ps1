[Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidGlobalVars', '', Justification = 'What is completed lives in the user''s scope.')]
[Diagnostics.CodeAnalysis.SuppressMessage('PSAvoidUsingInvokeExpression', '', Justification = 'What completion wrote is run as it stands.')]
param()

# What Tab offers, in the real engine.

BeforeDiscovery {
    . "$PSScriptRoot/Support.ps1"
    $completed = foreach ($command in Get-Command -Module NanoBanana.PowerShell -CommandType Cmdlet) {
        foreach ($parameter in $command.Parameters.Values) {
            if ($parameter.Attributes.Where({ $_ -is [ArgumentCompleter] })) { @{ Command = $command.Name; Parameter = $parameter.Name } }
        }
    }
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    function Get-Offer {
        # What is offered at the | of a line; at its end when there is none.
        param([string]$Line)

        $cursor = $Line.IndexOf('|')
        if ($cursor -lt 0) { $cursor = $Line.Length }
        [Management.Automation.CommandCompletion]::CompleteInput($Line.Replace('|', ''), $cursor, $null).CompletionMatches
    }

    function Get-OfferedText([string]$Line) { @((Get-Offer $Line).CompletionText) }

    Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive tab))
    $connection = Connect-NbService -Offline
    New-NbImage 'a fox' -OutFile fox.jpg | Set-NbAnchor fox -Description 'a red fox'
    Copy-Item fox.jpg 'two foxes.jpg'
    Copy-Item fox.jpg "Jo's fox.jpg"
    Copy-Item -LiteralPath fox.jpg 'fox[1].jpg'
    'words' | Set-Content notes.txt
    $null = New-Item -ItemType Directory shots
    'a fox' | Start-NbBatch -Destination campaign -Wait | Out-Null
}

AfterAll {
    Pop-Location
    $connection | Disconnect-NbService
}

Describe 'Get-NbModel -Available' {
    It 'leaves out models that the service does not offer, with a warning' {
        '{"models":[{"id":"gemini-house-2","name":"House","aliases":[],"state":"stable","sizes":["1K"],"ratios":["1:1"]}]}' | Set-Content drift.json
        $emulator = Start-NbEmulator
        $house = Connect-NbService -BaseUri $emulator.BaseUri -ApiKey $secretKey -CatalogPath drift.json
        try {
            (Get-NbModel -Connection $house).Id | Should -Contain 'gemini-house-2'
            $offered = Get-NbModel -Available -Connection $house -WarningVariable said -WarningAction SilentlyContinue
            $offered.Id | Should -Contain 'gemini-nano-banana-2.1'
            $offered.Id | Should -Not -Contain 'gemini-house-2'
            "$said" | Should -Be 'The service does not offer gemini-house-2.'
        }
        finally {
            $house | Disconnect-NbService
            $emulator | Stop-NbEmulator
            $null = Connect-NbService -Offline
        }
    }

    It 'shows models that the catalog does not list' {
        $web = Start-TestListener
        $shell = New-TestShell (Connect-NbService -ApiKey $secretKey -BaseUri $web.Address)
        try {
            $running = $shell.AddScript('Get-NbModel -Available -Connection $connection -WarningAction Ignore').BeginInvoke()
            $json = '{"models":[{"name":"models/gemini-9-image","supportedGenerationMethods":["generateContent"]},{"name":"models/gemini-9-words","supportedGenerationMethods":["generateContent"]}]}'
            $null = Send-TestAnswer $web -Body ([Text.Encoding]::UTF8.GetBytes($json))
            $offered = $shell.EndInvoke($running)
            $offered.Id | Should -Be 'gemini-9-image'
            $offered.IsKnown | Should -BeFalse
        }
        finally {
            $web.Listener.Close()
            $shell.Runspace.Dispose()
            $null = Connect-NbService -Offline
        }
    }
}

Describe 'Completion of models' {
    It 'offers aliases first, then ids' {
        $offered = Get-OfferedText 'New-NbImage x -Model '
        $aliases = @((Get-NbModel | Where-Object State -NE retired).Aliases)
        $offered | Should -HaveCount ($aliases.Count + @(Get-NbModel | Where-Object State -NE retired).Count)
        $offered[0..($aliases.Count - 1)] | Should -Be $aliases
        $offered[$aliases.Count..($offered.Count - 1)] | Should -BeLike 'gemini-*'
    }

    It 'hides retired models' {
        $retired = (Get-NbModel | Where-Object State -EQ retired).Id
        $retired | Should -Not -BeNullOrEmpty
        Get-OfferedText 'New-NbImage x -Model ' | Where-Object { $_ -in $retired } | Should -BeNullOrEmpty
    }

    It 'shows price and limits as tooltip' {
        (Get-Offer 'New-NbImage x -Model nb-pro').ToolTip | Should -Match 'gemini-3-pro-image, stable\): 1K \$0\.134, 2K .+ up to 14 references'
    }

    It 'knows the models of the connection that is typed' {
        '{"models":[{"id":"gemini-house-1","name":"House","aliases":["house"],"state":"stable","sizes":["1K"],"ratios":["1:1"]}]}' | Set-Content catalog.json
        $global:nbHouse = Connect-NbService -Offline -CatalogPath catalog.json
        $null = Connect-NbService -Offline
        try {
            Get-OfferedText 'New-NbImage x -Model hou' | Should -BeNullOrEmpty
            Get-OfferedText 'New-NbImage x -Connection $nbHouse -Model hou' | Should -Be house
            Get-OfferedText 'New-NbImage x -Connection $nbHouse -Model house -AspectRatio ' | Should -Be '1:1'
        }
        finally {
            $global:nbHouse | Disconnect-NbService
            Remove-Variable nbHouse -Scope Global
        }
    }
}

Describe 'Completion of ratios and sizes' {
    It 'offers the ones of the typed model: <Line>' -ForEach @(
        @{ Line = 'New-NbImage x -Model nb2-3.1 -Size '; Model = 'nb2-3.1'; Property = 'Sizes' }
        @{ Line = 'New-NbImage x -Model draft -Size '; Model = 'draft'; Property = 'Sizes' }
        @{ Line = 'New-NbImage x -Model nb -AspectRatio '; Model = 'nb'; Property = 'Ratios' }
        @{ Line = 'New-NbImage x -Model:nb-pro -AspectRatio '; Model = 'nb-pro'; Property = 'Ratios' }
        @{ Line = 'New-NbImage x -AspectRatio | -Model nb'; Model = 'nb'; Property = 'Ratios' }
        @{ Line = "New-NbImage x -Model 'nb' -AspectRatio "; Model = 'nb'; Property = 'Ratios' }
        @{ Line = 'New-NbImage x -Model $nbDraft -Size '; Model = 'draft'; Property = 'Sizes' }
        @{ Line = 'Invoke-NbEdit x fox.jpg -Model draft -Size '; Model = 'draft'; Property = 'Sizes' }
        @{ Line = 'Edit-NbImage x fox.jpg -Model draft -Size '; Model = 'draft'; Property = 'Sizes' }
        @{ Line = 'New-NbCharacterSheet -Model nb -AspectRatio '; Model = 'nb'; Property = 'Ratios' }
    ) {
        $global:nbDraft = 'draft'
        Get-OfferedText $Line | Should -Be (Get-NbModel $Model).$Property
    }

    It 'offers those of the connection''s model when none is typed' {
        $null = Connect-NbService -Offline -DefaultModel nb2-3.1
        try { Get-OfferedText 'New-NbImage x -Size ' | Should -Be (Get-NbModel nb2-3.1).Sizes }
        finally { $null = Connect-NbService -Offline }
    }

    It 'shows pixels and prices as tooltip' {
        (Get-Offer 'New-NbImage x -Model nb-pro -AspectRatio 16').ToolTip | Should -Match '1K 1376x768'
        (Get-Offer 'New-NbImage x -Model nb-pro -Size 4').ToolTip | Should -Match '\$0\.24'
    }
}

Describe 'Completion of names' {
    It 'offers anchors with their descriptions: <Line>' -ForEach @(
        @{ Line = 'New-NbImage x -Anchor ' }
        @{ Line = 'New-NbImage x -Anchor owl, ' }
        @{ Line = 'Remove-NbAnchor ' }
        @{ Line = 'Get-NbAnchor f' }
        @{ Line = 'New-NbCharacterSheet -Anchor ' }
    ) {
        $offer = Get-Offer $Line
        $offer.CompletionText | Should -Be 'fox'
        $offer.ToolTip | Should -Be 'Character: a red fox'
    }

    It 'offers the anchors of the library that is typed' {
        Set-NbAnchor owl fox.jpg -Library ./library
        Get-OfferedText 'New-NbImage x -Library ./library -Anchor ' | Should -Be 'owl', 'fox'
    }

    It 'offers templates with their purpose' {
        (Get-Offer 'New-NbPrompt stick').CompletionText | Should -Be 'sticker'
        (Get-Offer 'New-NbPrompt -Template stick').ToolTip | Should -BeLike 'generate: *'
        (Get-Offer 'Get-NbPromptTemplate stick').CompletionText | Should -Be 'sticker'
        (Get-Offer 'New-NbPrompt -Template ').ToolTip | Should -Not -Match '\{(option|command|way):'
    }

    It 'offers the slots of the typed template, the required first, then fitting values' {
        $slots = (Get-NbPromptTemplate sticker).Slots
        $offered = Get-OfferedText 'New-NbPrompt sticker '
        $offered[0] | Should -Be "'subject='"
        $offered[0..($slots.Count - 1)].Trim("'", '=') | Sort-Object | Should -Be ($slots.Name | Sort-Object)
        Get-OfferedText 'New-NbPrompt sticker style=' | Should -Contain "'style=$(@($slots.Where({ $_.Name -eq 'style' }).Examples)[0])'"
    }

    It 'leaves out the slots that are filled' {
        # Begun with a letter: of a list that ends in a comma the engine tells nothing.
        $offered = Get-OfferedText "New-NbPrompt sticker 'subject=a fox', s"
        $offered | Should -Contain "'style='"
        $offered | Should -Not -Contain "'subject='"
        Get-OfferedText "New-NbPrompt sticker 'subject=a fox', style=" | Should -Contain "'style='"
    }

    # The engine asks no completer between the braces of a hashtable; "name=" says the same in one go.
    It 'offers nothing between the braces of a hashtable' {
        Get-OfferedText 'New-NbPrompt sticker @{ ' | Where-Object { $_ } | Should -BeNullOrEmpty
    }

    It 'offers batches: the folders that hold one first, those of the session from elsewhere too' {
        Get-OfferedText 'Get-NbBatch ' | Select-Object -First 1 | Should -Be (Join-Path . campaign)
        Get-OfferedText 'Receive-NbBatch -Destination ' | Should -Contain (Join-Path . shots)
        Get-OfferedText 'Get-NbBatch ' | Should -Not -Contain (Join-Path . fox.jpg)
        Push-Location shots
        try {
            $offer = Get-Offer 'Get-NbBatch camp'
            $offer.CompletionText | Should -Be (Join-Path (Split-Path $PWD) campaign)
            $offer.ToolTip | Should -BeLike 'Completed: 1 *'
        }
        finally { Pop-Location }
    }

    It 'offers the ports of emulators that run' {
        $emulator = Start-NbEmulator
        try { Get-OfferedText 'Stop-NbEmulator ' | Should -Be "$($emulator.Port)" }
        finally { $emulator | Stop-NbEmulator }
    }

    It 'offers <Expected> for <Line>' -ForEach @(
        @{ Line = 'New-NbImage x -ThinkingLevel m'; Expected = 'minimal' }
        @{ Line = 'New-NbImage x -Grounding w'; Expected = 'web' }
        @{ Line = 'New-NbImage x -SafetyThreshold BLOCK_N'; Expected = 'BLOCK_NONE' }
        @{ Line = 'New-NbCharacterSheet -View f'; Expected = 'front' }
        @{ Line = 'Set-NbAnchor fox -Role Ch'; Expected = 'Character' }
        @{ Line = 'Convert-NbImage fox.jpg -Preset open'; Expected = 'open-graph' }
        @{ Line = 'Start-NbEmulator -Fault rateL'; Expected = 'rateLimit' }
        @{ Line = 'Connect-NbService -DefaultModel nb-'; Expected = 'nb-pro' }
        @{ Line = 'Get-NbModel nb-'; Expected = 'nb-pro' }
    ) {
        Get-OfferedText $Line | Should -Contain $Expected
    }
}

Describe 'Completion of paths of images' {
    It 'offers images and folders, nothing else: <_>' -ForEach @(
        'Invoke-NbEdit x ', 'Invoke-NbEdit x -Path ', 'Import-NbImage ', 'Set-NbAnchor fox ', 'Set-NbAnchor fox -Path ',
        'Get-NbHistory ', 'New-NbImage x -Reference ', 'New-NbImage x -Reference fox.jpg, ', 'Convert-NbImage ',
        'Show-NbImage ', 'Compare-NbImage -Reference '
    ) {
        $found = Get-OfferedText $_ | ForEach-Object { $_.Trim("'") }
        $found | Should -Contain (Join-Path . fox.jpg)
        $found | Should -Contain (Join-Path . shots)
        $found | Where-Object { $_ -match 'notes|\.json|\.nb$' } | Should -BeNullOrEmpty
    }

    It 'quotes paths that need it' {
        Get-OfferedText 'Import-NbImage two' | Should -Be "'$(Join-Path . 'two foxes.jpg')'"
        Get-OfferedText 'Import-NbImage Jo' | Should -Be "'$(Join-Path . "Jo''s fox.jpg")'"
    }

    It 'offers a path that the command finds, including brackets' {
        $offered = Get-OfferedText 'Import-NbImage fox' | Where-Object { $_ -match '\[' }
        & ([scriptblock]::Create("(Import-NbImage $offered).Path")) | Should -Be (Join-Path $PWD 'fox[1].jpg')
    }
}

Describe 'Quotes' {
    It 'are kept as typed: <Line>' -ForEach @(
        @{ Line = 'New-NbImage x -Model nb-p'; Expected = 'nb-pro' }
        @{ Line = "New-NbImage x -Model 'nb-p"; Expected = "'nb-pro'" }
        @{ Line = 'New-NbImage x -Model "nb-p'; Expected = '"nb-pro"' }
        @{ Line = "New-NbImage x -Model 'nb-p|'"; Expected = "'nb-pro'" }
        @{ Line = 'New-NbPrompt sticker "sub'; Expected = '"subject="' }
        @{ Line = 'Get-NbBatch "camp'; Expected = '"{0}"' -f (Join-Path . campaign) }
    ) {
        Get-OfferedText $Line | Should -Contain $Expected
    }
}

Describe 'A completer' {
    It 'of <Command> -<Parameter> accepts any input' -ForEach $completed {
        $failed = $Error.Count
        foreach ($end in '', "'", '"', "'[", '"$(', '*', '[a', 'a,', "`u{1F98A}", '-', '$null', '@(', ('x' * 5000), '../../..', 'NoSuch:\', '"`') {
            { Get-Offer "$Command -Model nope -Library NoSuch:\ -Path NoSuch:\ -Template nope -PresetPath NoSuch:\ -$Parameter $end" } | Should -Not -Throw
            { Get-Offer "1 | $Command -Connection `$nope -$Parameter $end" } | Should -Not -Throw
        }
        $Error.Count | Should -Be $failed
    }

    It 'survives broken files' {
        $null = New-Item -ItemType Directory broken
        '{ "name": ' | Set-Content broken/fox.anchor.json
        '{ "templates": [ ' | Set-Content broken/mine.json
        '[ {' | Set-Content broken/presets.json
        Get-OfferedText 'New-NbImage x -Library ./broken -Anchor ' | Should -Be 'fox'
        { Get-Offer 'New-NbPrompt -Path ./broken ' } | Should -Not -Throw
        { Get-Offer 'New-NbPrompt sticker -Path ./broken -Value ' } | Should -Not -Throw
        { Get-Offer 'Convert-NbImage -PresetPath ./broken/presets.json -Preset ' } | Should -Not -Throw
    }

    It 'needs no connection, and makes none' {
        Disconnect-NbService
        try {
            Invoke-WithKey $null {
                Get-OfferedText 'New-NbImage x -Model ' | Should -Contain 'nb2'
                Get-OfferedText 'New-NbImage x -Size ' | Should -Contain '1K'
                Get-NbConnection | Should -BeNullOrEmpty
            }
        }
        finally {
            $null = Connect-NbService -Offline
        }
    }

    It 'sends nothing' {
        $server = Start-TestServer
        try {
            foreach ($one in Get-Command -Module NanoBanana.PowerShell -CommandType Cmdlet) {
                foreach ($parameter in $one.Parameters.Keys) { $null = Get-Offer "$($one.Name) -$parameter " }
            }
            $server.Service.Statistics.Requests | Should -Be 0
        }
        finally {
            Stop-TestServer $server
            $null = Connect-NbService -Offline
        }
    }
}
