# What an editor makes of manifests by docs/manifest.schema.json.

BeforeDiscovery {
    $good = @(
        @{ Text = '[{ "name": "a", "prompt": "a fox" }]' }
        @{ Text = '["a fox", "an owl"]' }
        @{ Text = '{ "$schema": "x", "items": [{ "name": "a", "prompt": "a fox", "size": 512, "seed": 7, "grounding": "web", "store": false }] }' }
        @{ Text = '{ "defaults": { "size": "1K", "labels": { "team": "web" } }, "items": [{ "name": "b", "from": "a", "edit": "at night" }] }' }
        @{ Text = '{ "anchors": [{ "name": "pip", "path": ["a.png", { "path": "b.png" }], "role": "Character" }], "items": ["a fox"] }' }
        @{ Text = '[{ "prompt": "x", "references": ["a.png", { "path": "b.png", "role": "Style" }] }]' }
        @{ Text = '{ "items": ["a fox"], "localize": { "languages": ["de", "ja"], "text": "strings.csv" } }' }
    )
    $bad = @(
        @{ Text = '{ "item": ["a fox"] }' }
        @{ Text = '[{ "promt": "a fox" }]' }
        @{ Text = '[{ "prompt": ["a", "b"] }]' }
        @{ Text = '[{ "prompt": "x", "seed": "seven" }]' }
        @{ Text = '[{ "prompt": "x", "minimumScore": 85 }]' }
        @{ Text = '{ "anchors": [{ "path": "a.png" }], "items": ["a fox"] }' }
        @{ Text = '{ "defaults": { "prompt": "a fox" }, "items": ["a fox"] }' }
        @{ Text = '[{ "prompt": "x", "references": [{ "role": "Style" }] }]' }
        @{ Text = '{ "items": ["a fox"], "localize": { "languages": ["de"] } }' }
    )
}

Describe 'The schema of manifests' {
    BeforeAll {
        $schema = Get-Content -Raw "$PSScriptRoot/../../docs/manifest.schema.json"
    }

    It 'takes <Text>' -ForEach $good {
        $Text | Test-Json -Schema $schema | Should -BeTrue
    }

    It 'marks <Text>' -ForEach $bad {
        $Text | Test-Json -Schema $schema -ErrorAction SilentlyContinue | Should -BeFalse
    }

    It 'takes the examples of the repository' {
        $manifests = Get-ChildItem "$PSScriptRoot/../../examples" -Recurse -Include campaign.json, *.manifest.json
        $manifests | Should -Not -BeNullOrEmpty
        foreach ($manifest in $manifests) {
            Get-Content -Raw $manifest | Test-Json -Schema $schema -Options IgnoreComments, AllowTrailingCommas | Should -BeTrue -Because $manifest.Name
        }
    }
}
