<#
.SYNOPSIS
    Brings the pages of docs/en-US up to date with the module, and makes the help that ships of them.
.DESCRIPTION
    Words are written by people, in the pages; syntax and parameter tables are the module's own. A parameter that is new gets
    the words of its XML comment, for somebody to improve. The result is MAML in module/en-US, and about_ topics as text.
    Needs Microsoft.PowerShell.PlatyPS; what it makes is committed, so that a build does not.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string]$ModulePath = (Join-Path $PSScriptRoot '../out/NanoBanana.PowerShell/NanoBanana.PowerShell.psd1'),

    # The pages: read and written.
    [string]$Path = (Join-Path $PSScriptRoot 'en-US'),

    # Where the shipped help goes.
    [string]$Destination = (Join-Path $PSScriptRoot '../module/en-US'),

    # Leaves the pages alone and makes only the shipped help.
    [switch]$MamlOnly
)

$ErrorActionPreference = 'Stop'
Import-Module Microsoft.PowerShell.PlatyPS
# Without the help it has now, which New-CommandHelp would mix in.
$bare = Join-Path ([System.IO.Path]::GetTempPath()) "bare-$([guid]::NewGuid())" 'NanoBanana.PowerShell'
$null = New-Item -ItemType Directory (Split-Path $bare)
Copy-Item (Split-Path $ModulePath) $bare -Recurse -Force -Exclude en-US
if (Test-Path (Join-Path $bare en-US)) { Remove-Item (Join-Path $bare en-US) -Recurse }
$module = Import-Module (Join-Path $bare 'NanoBanana.PowerShell.psd1') -PassThru
$root = Join-Path $PSScriptRoot '..'
$date = Get-Date -Year 2026 -Month 1 -Day 1

function Get-Comment {
    # The summary of each member, by its name in the compiler's XML file, as one line.
    $file = Get-ChildItem (Join-Path $root 'artifacts/bin/NanoBanana.PowerShell') -Recurse -Filter NanoBanana.PowerShell.xml |
        Sort-Object LastWriteTime | Select-Object -Last 1
    $comments = @{}
    foreach ($member in ([xml](Get-Content $file -Raw)).doc.members.member) {
        $comments[$member.name] = ($member.summary.InnerText ?? "$($member.summary)") -replace '\s+', ' ' -replace '^ | $'
    }
    $comments
}

function Get-ParameterComment {
    param($Comments, $Command, [string]$Parameter)

    for ($type = $Command.ImplementingType; $type; $type = $type.BaseType) {
        if ($text = $Comments["P:$($type.FullName).$Parameter"]) { return $text }
    }
}

function Update-Page {
    param($Command, $Comments)

    $page = Join-Path $Path "$($Command.Name).md"
    $help = New-CommandHelp $Command
    $old = if (Test-Path $page) { Import-MarkdownCommandHelp $page }
    $help.Synopsis = $old.Synopsis ? $old.Synopsis : $Comments["T:$($Command.ImplementingType.FullName)"]
    $help.Description = $old.Description ? $old.Description : $help.Synopsis
    $help.Notes = $old.Notes ? $old.Notes : ''
    $help.Examples.Clear()
    foreach ($example in $old.Examples) { $help.Examples.Add($example) }
    $help.RelatedLinks.Clear()
    foreach ($link in $old.RelatedLinks) { $help.RelatedLinks.Add($link) }
    $blank = [Activator]::CreateInstance($Command.ImplementingType)
    foreach ($parameter in $help.Parameters) {
        $default = $blank.($parameter.Name)
        if ($null -ne $default -and $default -isnot [switch] -and "$default") { $parameter.DefaultValue = $default -join ', ' }
        $written = ($old.Parameters | Where-Object Name -EQ $parameter.Name).Description
        if ($written -and $written -notmatch '{{') { $parameter.Description = $written }
        elseif ($text = Get-ParameterComment $Comments $Command $parameter.Name) { $parameter.Description = $text }
    }
    foreach ($kind in 'Inputs', 'Outputs') {
        foreach ($one in $help.$kind) {
            $written = ($old.$kind | Where-Object Typename -EQ $one.Typename).Description
            $one.Description = $written -and $written -notmatch '{{' ? $written : ''
        }
    }
    $aliases = @(Get-Alias -Definition $Command.Name -ErrorAction Ignore).Name
    $help.Aliases = $aliases -join ', '
    $help.Metadata['ms.date'] = $date.ToString('MM/dd/yyyy', [cultureinfo]::InvariantCulture)

    $made = Export-MarkdownCommandHelp $help -OutputFolder ([System.IO.Path]::GetTempPath()) -Force
    $text = (Get-Content $made -Raw) -replace "`r`n", "`n" -replace '(?m)[ \t]+$' -replace "`n{3,}", "`n`n"
    if (-not $aliases) { $text = $text -replace '(?ms)^## ALIASES\n.*?(?=^## )' }
    Set-Content $page ($text.TrimEnd() + "`n") -NoNewline
    Remove-Item $made
}

function Convert-Maml {
    # What PlatyPS leaves out of what Get-Help shows: code as code, and defaults. Its blank lines are control characters.
    param([string]$File, $Helps)

    $maml = [xml]::new()
    $maml.Load($File)
    $names = [System.Xml.XmlNamespaceManager]::new($maml.NameTable)
    foreach ($prefix in 'maml', 'command', 'dev') { $names.AddNamespace($prefix, $maml.helpItems.GetNamespaceOfPrefix($prefix)) }
    foreach ($blank in $maml.SelectNodes("//maml:para[. = '$([char]0x80)']", $names)) { $null = $blank.ParentNode.RemoveChild($blank) }
    foreach ($example in $maml.SelectNodes('//command:example', $names)) {
        $code, $words = @($example.SelectNodes('maml:introduction/maml:para', $names))
        $example.SelectSingleNode('dev:code', $names).InnerText = $code.InnerText -replace '(?m)^```.*\n?' -replace '\n$'
        $remarks = $example.SelectSingleNode('dev:remarks', $names)
        foreach ($paragraph in $words) {
            $null = $remarks.AppendChild($paragraph)
            $null = $remarks.AppendChild($maml.CreateElement('maml', 'para', $names.LookupNamespace('maml')))
        }
        $null = $example.RemoveChild($example.SelectSingleNode('maml:introduction', $names))
    }
    foreach ($help in $Helps) {
        foreach ($parameter in $help.Parameters | Where-Object DefaultValue) {
            $places = $maml.SelectNodes("//command:command[command:details/command:name = '$($help.Title)']//command:parameter[maml:name = '$($parameter.Name)']", $names)
            foreach ($place in $places) {
                $default = $place.AppendChild($maml.CreateElement('dev', 'defaultValue', $names.LookupNamespace('dev')))
                $default.InnerText = $parameter.DefaultValue
            }
        }
    }
    $maml.Save($File)
}

if (-not $PSCmdlet.ShouldProcess($Path, 'Update help')) { return }
if (-not $MamlOnly) {
    $comments = Get-Comment
    foreach ($command in $module.ExportedCmdlets.Values | Sort-Object Name) { Update-Page $command $comments }
}

$null = New-Item -ItemType Directory $Destination -Force
$temporary = New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "help-$([guid]::NewGuid())")
try {
    $pages = Get-ChildItem $Path -Filter *-Nb*.md | Sort-Object Name
    $helps = foreach ($page in $pages) {
        $help = Import-MarkdownCommandHelp $page.FullName
        # In the shell a link is a name to give to Get-Help, no file.
        $names = @($help.RelatedLinks.LinkText)
        $help.RelatedLinks.Clear()
        foreach ($name in $names) { $help.RelatedLinks.Add([Microsoft.PowerShell.PlatyPS.Model.Links]::new('', $name)) }
        $help
    }
    $null = $helps | Export-MamlCommandHelp -OutputFolder $temporary -Force
    $maml = Get-ChildItem $temporary -Recurse -Filter *-Help.xml
    Convert-Maml $maml.FullName $helps
    $text = (Get-Content $maml -Raw) -replace "`r`n", "`n"
    Set-Content (Join-Path $Destination $maml.Name) $text -NoNewline
}
finally {
    Remove-Item $temporary -Recurse
}
foreach ($about in Get-ChildItem $Path -Filter about_*.md) {
    # Get-Help shows an about_ topic as it is: markdown reads well enough but for its fences and links.
    $text = (Get-Content $about -Raw) -replace '(?m)^```\w*\r?\n' -replace '\[([^\]]+)\]\([^)]+\)', '$1' -replace '(?m)^#+ ' -replace '`', ''
    Set-Content (Join-Path $Destination "$($about.BaseName).help.txt") $text -NoNewline
}
