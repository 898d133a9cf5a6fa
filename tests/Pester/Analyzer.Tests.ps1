BeforeDiscovery {
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
    $foreign = [regex]::new('[\\/](out|artifacts|node_modules|\.[^\\/]+)[\\/]')
    $scripts = Get-ChildItem $root -Recurse -Include *.ps1, *.psm1, *.psd1 -Exclude .* |
        ForEach-Object { [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') } |
        Where-Object { -not $foreign.IsMatch("/$_") }
    $hasAnalyzer = [bool](Get-Module PSScriptAnalyzer -ListAvailable)
}

Describe 'PSScriptAnalyzer' -Skip:(-not $hasAnalyzer) {
    It 'finds nothing in <_>' -ForEach $scripts {
        $root = Join-Path $PSScriptRoot '../..'
        Invoke-ScriptAnalyzer (Join-Path $root $_) -Settings (Join-Path $root 'PSScriptAnalyzerSettings.psd1') |
            ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName) $($_.Message)" } | Should -BeNullOrEmpty
    }
}
