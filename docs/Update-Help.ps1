#Requires -Version 7.4
<#
.SYNOPSIS
    Updates the pages of docs/en-US from the module, and the help that ships from the pages.
.DESCRIPTION
    People write the words, in the pages; the module supplies syntax, parameter tables, inputs and outputs. A new parameter gets
    the text of its XML comment, for someone to improve. The result is MAML in module/en-US, and about_ topics as text.
    What it writes is committed, so a build does not need it; a test compares the two.
.EXAMPLE
    dotnet pwsh docs/Update-Help.ps1
    After a parameter was added or a page was edited, and the module was built.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [string]$ModulePath = (Join-Path $PSScriptRoot '../out/NanoBanana.PowerShell/NanoBanana.PowerShell.psd1'),

    # The pages: read and written.
    [string]$Path = (Join-Path $PSScriptRoot 'en-US'),

    # Where the updated pages go.
    [string]$PageDestination = $Path,

    # Where the shipped help goes.
    [string]$Destination = (Join-Path $PSScriptRoot '../module/en-US')
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$module = Import-Module $ModulePath -PassThru
$common = [Management.Automation.Cmdlet]::CommonParameters
$allSets = '__AllParameterSets'

function Get-Comment {
    # The summary of each member, by its name in the compiler's XML file, as one line.
    $file = Get-ChildItem (Join-Path $PSScriptRoot '../artifacts/bin/NanoBanana.PowerShell') -Recurse -Filter NanoBanana.PowerShell.xml -ErrorAction Ignore |
        Sort-Object LastWriteTime | Select-Object -Last 1
    $comments = @{}
    if (-not $file) { return $comments }
    foreach ($member in ([xml](Get-Content $file -Raw)).SelectNodes('/doc/members/member[summary]')) {
        $comments[$member.GetAttribute('name')] = $member.SelectSingleNode('summary').InnerText -replace '\s+', ' ' -replace '^ | $'
    }
    $comments
}

function Split-Section {
    # The parts of a text under headings of one level, in order, each trimmed.
    param([string]$Text, [string]$Mark)

    $parts = [ordered]@{}
    foreach ($match in [regex]::Matches($Text, "(?ms)^$Mark ([^\n]+)\n(.*?)(?=^$Mark |\z)")) {
        $parts[$match.Groups[1].Value.Trim()] = $match.Groups[2].Value.Trim()
    }
    $parts
}

function Read-Page {
    # The words of a page; empty for a page that is not there yet.
    param([string]$File)

    $text = (Test-Path $File) ? (Get-Content $File -Raw) -replace "`r" : ''
    $sections = Split-Section $text '##'
    $words = @{ Examples = @(); Parameters = @{}; Links = @() }
    foreach ($name in 'SYNOPSIS', 'DESCRIPTION', 'NOTES') { $words[$name] = $sections.Contains($name) ? $sections[$name] : '' }
    foreach ($kind in 'INPUTS', 'OUTPUTS') { $words[$kind] = $sections.Contains($kind) ? (Split-Section $sections[$kind] '###') : @{} }
    if ($sections.Contains('EXAMPLES')) {
        $words.Examples = @(foreach ($example in (Split-Section $sections['EXAMPLES'] '###').GetEnumerator()) {
                $match = [regex]::Match($example.Value, '(?s)\A```powershell\n(.*?)\n```\s*(.*)\z')
                if (-not $match.Success) { throw "$($File): '$($example.Key)' does not begin with its code." }
                [pscustomobject]@{ Title = $example.Key; Code = $match.Groups[1].Value; Remarks = $match.Groups[2].Value.Trim() }
            })
    }
    if ($sections.Contains('PARAMETERS')) {
        foreach ($parameter in (Split-Section $sections['PARAMETERS'] '###').GetEnumerator()) {
            $words.Parameters[$parameter.Key.TrimStart('-')] = ($parameter.Value -replace '(?s)```yaml.*\z').Trim()
        }
    }
    if ($sections.Contains('RELATED LINKS')) {
        $words.Links = @([regex]::Matches($sections['RELATED LINKS'], '(?m)^- \[(.+?)\]\(').ForEach{ $_.Groups[1].Value })
    }
    $words
}

function Get-ParameterDescription {
    param($Words, $Comments, $Command, [string]$Name)

    if ($Words.Parameters[$Name]) { return $Words.Parameters[$Name] }
    switch ($Name) {
        'WhatIf' { return 'Runs the command in a mode that only reports what would happen without performing the actions.' }
        'Confirm' { return 'Prompts you for confirmation before running the cmdlet.' }
    }
    for ($type = $Command.ImplementingType; $type; $type = $type.BaseType) {
        if ($text = $Comments["P:$($type.FullName).$Name"]) { return $text }
    }
    throw "-$Name of $($Command.Name) has neither words on the page nor an XML comment."
}

function Get-ParameterModel {
    # What page and MAML say of a parameter.
    param($Command, $Words, $Comments, $Metadata, $Blank)

    $name = $Metadata.Name
    $property = $Command.ImplementingType.GetProperty($name)
    $default = $property ? $property.GetValue($Blank) : $null
    [pscustomobject]@{
        Name        = $name
        Type        = $Metadata.ParameterType.ToString()
        IsSwitch    = $Metadata.ParameterType -eq [switch]
        Default     = $default -is [switch] ? '' : [string]($default -join ', ')
        Wildcards   = [bool]@($Metadata.Attributes.Where{ $_ -is [SupportsWildcards] })
        Aliases     = @($Metadata.Aliases)
        Sets        = @(foreach ($set in $Command.ParameterSets.Where{ $Metadata.ParameterSets.ContainsKey($_.Name) -or $Metadata.ParameterSets.ContainsKey($allSets) }) {
                $one = $set.Parameters.Where({ $_.Name -eq $name })[0]
                [pscustomobject]@{
                    Name           = $Metadata.ParameterSets.ContainsKey($allSets) ? '(All)' : $set.Name
                    Position       = $one.Position -ge 0 ? "$($one.Position)" : 'Named'
                    IsRequired     = $one.IsMandatory
                    ByValue        = $one.ValueFromPipeline
                    ByPropertyName = $one.ValueFromPipelineByPropertyName
                    Remaining      = $one.ValueFromRemainingArguments
                }
            }) | Sort-Object Name -Unique
        Description = Get-ParameterDescription $Words $Comments $Command $name
    }
}

function Get-SyntaxLine {
    # As the engine writes it, in lines of at most 100 characters.
    param([string]$Name, $Set)

    $text = "$Set" -replace ' ?\[<CommonParameters>\]$'
    $line = $Name
    foreach ($item in [regex]::Matches($text, '\[\[-\w+\] <[^>]+>\]|\[-\w+\] <[^>]+>|\[-\w+(?: <[^>]+>)?\]|-\w+(?: <[^>]+>)?').ForEach{ $_.Value }) {
        if (($line.Length + 1 + $item.Length) -gt 100) { $line; $line = '' }
        $line += " $item"
    }
    $line
}

function ConvertTo-Yaml { param([string]$Text) $Text -eq '' -or $Text -match '^[*&!%@\[{#]' ? "'$Text'" : $Text }

function Get-CommandModel {
    param($Command, $Comments)

    $words = Read-Page (Join-Path $Path "$($Command.Name).md")
    $blank = [Activator]::CreateInstance($Command.ImplementingType)
    $parameters = @($Command.Parameters.Values | Where-Object Name -NotIn $common | Sort-Object Name | ForEach-Object {
            Get-ParameterModel $Command $words $Comments $_ $blank
        })
    $piped = foreach ($set in $Command.ParameterSets) {
        foreach ($one in $set.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName }) { $one.ParameterType.ToString() }
    }
    $summary = $Comments["T:$($Command.ImplementingType.FullName)"]
    [pscustomobject]@{
        Name        = $Command.Name
        Command     = $Command
        Words       = $words
        Synopsis    = $words.SYNOPSIS ? $words.SYNOPSIS : $summary
        Description = $words.DESCRIPTION ? $words.DESCRIPTION : $summary
        Aliases     = @(Get-Alias -Definition $Command.Name -ErrorAction Ignore | ForEach-Object Name)
        Parameters  = $parameters
        Inputs      = @($piped | Select-Object -Unique)
        Outputs     = @($Command.OutputType | ForEach-Object Name | Select-Object -Unique)
    }
}

function ConvertTo-Page {
    param($Model)

    $lines = [Collections.Generic.List[string]]::new()
    function Add { foreach ($line in $args) { $lines.Add($line); $lines.Add('') } }

    $lines.AddRange([string[]]('---', 'document type: cmdlet', "external help file: $($module.Name).dll-Help.xml", "HelpUri: ''", 'Locale: en-US',
            "Module Name: $($module.Name)", 'ms.date: 01/01/2026', 'PlatyPS schema version: 2024-05-01', "title: $($Model.Name)", '---', ''))
    Add "# $($Model.Name)" '## SYNOPSIS' $Model.Synopsis '## SYNTAX'
    foreach ($set in $Model.Command.ParameterSets) {
        Add "### $($set.Name)$($set.IsDefault -and $set.Name -ne $allSets ? ' (Default)' : '')"
        Add (@('```') + @(Get-SyntaxLine $Model.Name $set) + '```' -join "`n")
    }
    if ($Model.Aliases) { Add '## ALIASES' ($Model.Aliases -join ', ') }
    Add '## DESCRIPTION' $Model.Description '## EXAMPLES'
    foreach ($example in $Model.Words.Examples) {
        Add "### $($example.Title)" "``````powershell`n$($example.Code)`n``````"
        if ($example.Remarks) { Add $example.Remarks }
    }
    Add '## PARAMETERS'
    foreach ($parameter in $Model.Parameters) {
        Add "### -$($parameter.Name)" $parameter.Description
        $yaml = @(
            '```yaml'
            "Type: $($parameter.Type)"
            "DefaultValue: $(ConvertTo-Yaml $parameter.Default)"
            "SupportsWildcards: $("$($parameter.Wildcards)".ToLowerInvariant())"
            $parameter.Aliases ? 'Aliases:' : 'Aliases: []'
            $parameter.Aliases | ForEach-Object { "- $_" }
            'ParameterSets:'
            foreach ($set in $parameter.Sets) {
                "- Name: $($set.Name)"
                "  Position: $($set.Position)"
                "  IsRequired: $("$($set.IsRequired)".ToLowerInvariant())"
                "  ValueFromPipeline: $("$($set.ByValue)".ToLowerInvariant())"
                "  ValueFromPipelineByPropertyName: $("$($set.ByPropertyName)".ToLowerInvariant())"
                "  ValueFromRemainingArguments: $("$($set.Remaining)".ToLowerInvariant())"
            }
            'DontShow: false'
            'AcceptedValues: []'
            "HelpMessage: ''"
            '```'
        )
        Add ($yaml -join "`n")
    }
    Add '### CommonParameters' (@'
This cmdlet supports the common parameters: -Debug, -ErrorAction, -ErrorVariable,
-InformationAction, -InformationVariable, -OutBuffer, -OutVariable, -PipelineVariable,
-ProgressAction, -Verbose, -WarningAction, and -WarningVariable. For more information, see
[about_CommonParameters](https://go.microsoft.com/fwlink/?LinkID=113216).
'@ -replace "`r")
    foreach ($kind in 'INPUTS', 'OUTPUTS') {
        Add "## $kind"
        foreach ($type in $Model.$kind) {
            Add "### $type"
            if ($Model.Words[$kind][$type]) { Add $Model.Words[$kind][$type] }
        }
    }
    Add '## NOTES'
    if ($Model.Words.NOTES) { Add $Model.Words.NOTES }
    Add '## RELATED LINKS'
    foreach ($link in $Model.Words.Links) { $lines.Add("- [$link]($link.md)") }
    ($lines -join "`n").TrimEnd() + "`n"
}

function ConvertTo-Maml {
    param($Models)

    $spaces = @{ maml = 'http://schemas.microsoft.com/maml/2004/10'; command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'; dev = 'http://schemas.microsoft.com/maml/dev/2004/10' }
    $bytes = [IO.MemoryStream]::new()
    $settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
    $xml = [Xml.XmlWriter]::Create($bytes, $settings)

    # An element with attributes, around a text or what a block writes; without either it is empty.
    function Write-Element([string]$Name, $Content, [Collections.IDictionary]$Attribute = @{}) {
        $prefix, $local = $Name -split ':'
        $xml.WriteStartElement($prefix, $local, $spaces[$prefix])
        foreach ($key in $Attribute.Keys) { $xml.WriteAttributeString($key, $Attribute[$key]) }
        if ($Content -is [scriptblock]) { & $Content } elseif ($Content) { $xml.WriteString($Content) }
        $xml.WriteEndElement()
    }

    function Write-Text([string]$Name, [string]$Text) { Write-Element $Name { Write-Element 'maml:para' $Text } }

    function Write-Parameter($Parameter, $Attribute, [string]$Value, [string]$VariableLength, [string]$Description) {
        Write-Element 'command:parameter' -Attribute $Attribute {
            Write-Element 'maml:name' $Parameter.Name
            if ($Description) { Write-Text 'maml:description' $Description } else { Write-Element 'maml:description' }
            if (-not $Parameter.IsSwitch) { Write-Element 'command:parameterValue' $Value ([ordered]@{ required = 'true'; variableLength = $VariableLength }) }
            Write-Element 'dev:type' { Write-Element 'maml:name' $Parameter.Type }
            if ($Parameter.Default) { Write-Element 'dev:defaultValue' $Parameter.Default }
        }
    }

    function Write-Syntax($Model) {
        foreach ($set in $Model.Command.ParameterSets) {
            Write-Element 'command:syntaxItem' {
                Write-Element 'maml:name' $Model.Name
                foreach ($item in [regex]::Matches((Get-SyntaxLine '' $set) -join '', '-(\w+)\]?(?: <([^>]+)>)?')) {
                    $parameter = $Model.Parameters.Where({ $_.Name -eq $item.Groups[1].Value })[0]
                    $one = $set.Parameters.Where({ $_.Name -eq $parameter.Name })[0]
                    Write-Parameter $parameter ([ordered]@{
                            required = "$($one.IsMandatory)".ToLowerInvariant(); variableLength = 'false'; globbing = 'false'; pipelineInput = 'false'
                            position = $one.Position -ge 0 ? "$($one.Position)" : 'named'
                            aliases = $parameter.Aliases ? $parameter.Aliases -join ', ' : 'none'
                        }) $item.Groups[2].Value 'false'
                }
            }
        }
    }

    function Write-Command($Model) {
        $verb, $noun = $Model.Name -split '-'
        Write-Element 'command:details' {
            Write-Element 'command:name' $Model.Name
            Write-Text 'maml:description' $Model.Synopsis
            Write-Element 'command:verb' $verb
            Write-Element 'command:noun' $noun
        }
        Write-Text 'maml:description' $Model.Description
        Write-Element 'command:syntax' { Write-Syntax $Model }
        Write-Element 'command:parameters' {
            foreach ($parameter in $Model.Parameters) {
                $set = $parameter.Sets[0]
                $piped = @(if ($parameter.Sets.ByValue -contains $true) { 'ByValue' }; if ($parameter.Sets.ByPropertyName -contains $true) { 'ByPropertyName' }) -join ', '
                Write-Parameter $parameter ([ordered]@{
                        required = "$($set.IsRequired)".ToLowerInvariant(); variableLength = 'false'; globbing = "$($parameter.Wildcards)".ToLowerInvariant()
                        pipelineInput = $piped ? "true ($piped)" : 'false'; position = $set.Position
                        aliases = $parameter.Aliases ? $parameter.Aliases -join ', ' : 'none'
                    }) $parameter.Type 'true' $parameter.Description
            }
        }
        foreach ($kind in @(, @('command:inputTypes', 'command:inputType', 'INPUTS') + , @('command:returnValues', 'command:returnValue', 'OUTPUTS'))) {
            Write-Element $kind[0] {
                foreach ($type in $Model.($kind[2])) {
                    Write-Element $kind[1] {
                        Write-Element 'dev:type' { Write-Element 'maml:name' $type }
                        Write-Text 'maml:description' $Model.Words[$kind[2]][$type]
                    }
                }
            }
        }
        Write-Element 'maml:alertSet' { Write-Text 'maml:alert' $Model.Words.NOTES }
        Write-Element 'command:examples' {
            foreach ($example in $Model.Words.Examples) {
                Write-Element 'command:example' {
                    Write-Element 'maml:title' "--------- $($example.Title) ---------"
                    Write-Element 'dev:code' $example.Code
                    if (-not $example.Remarks) { Write-Element 'dev:remarks'; return }
                    Write-Element 'dev:remarks' { Write-Element 'maml:para' $example.Remarks; Write-Element 'maml:para' }
                }
            }
        }
        # In the shell a link is a name to give to Get-Help, no file.
        Write-Element 'command:relatedLinks' {
            foreach ($link in $Model.Words.Links) {
                Write-Element 'maml:navigationLink' { Write-Element 'maml:linkText' $link; Write-Element 'maml:uri' }
            }
        }
    }

    $xml.WriteStartElement('helpItems', 'http://msh')
    foreach ($prefix in 'maml', 'command', 'dev') { $xml.WriteAttributeString('xmlns', $prefix, $null, $spaces[$prefix]) }
    $xml.WriteAttributeString('schema', 'maml')
    foreach ($model in $Models) { Write-Element 'command:command' { Write-Command $model } }
    $xml.WriteEndElement()
    $xml.Dispose()
    [Text.Encoding]::UTF8.GetString($bytes.ToArray())
}

function Format-Paragraph {
    # Words in lines of at most 80 characters, the first after one indent and the others after another.
    param([string]$Text, [string]$First = '', [string]$Next = $First)

    $line = $First
    foreach ($word in $Text -split '\s+' -ne '') {
        $isEmpty = $line -in $First, $Next
        if (-not $isEmpty -and $line.Length + 1 + $word.Length -gt 80) { $line; $line = $Next; $isEmpty = $true }
        $line += $isEmpty ? $word : " $word"
    }
    if ($line.Trim()) { $line }
}

function ConvertTo-About {
    # Get-Help shows an about_ topic as it is, so it is laid out here for a terminal of 80 columns: code is indented, and a
    # row of a table becomes its first cell with the others below it.
    param([string[]]$Lines)

    $words = { param($Text) $Text -replace '\[([^\]]+)\]\([^)]+\)', '$1' -replace '(?<!\*)\*\*(?!\*)' -replace '\\\|', '|' -replace '`' }
    $paragraph = [Collections.Generic.List[string]]::new()
    $flush = {
        if ($paragraph.Count) {
            $text = & $words ($paragraph -join ' ')
            if ($text -match '^(- |\d+\. )') { Format-Paragraph $text.Substring($Matches[0].Length) $Matches[0] (' ' * $Matches[0].Length) }
            else { Format-Paragraph $text }
            $paragraph.Clear()
        }
    }
    $isCode = $false
    $head = $null
    $output = foreach ($line in $Lines) {
        if ($line -match '^```') { & $flush; $isCode = -not $isCode; continue }
        if ($isCode) { $line ? "    $line" : ''; continue }
        if ($line -match '^\|[-| ]+\|$') { continue }
        if ($line -match '^\|') {
            & $flush
            $cells = @(($line.Trim().Trim('|') -split '(?<!\\)\|').ForEach{ & $words $_.Trim() })
            if ($null -eq $head) { $head = $cells; continue }
            Format-Paragraph $cells[0]
            if ($cells.Count -eq 2) { Format-Paragraph $cells[1] '    ' }
            else { for ($i = 1; $i -lt $cells.Count; $i++) { if ($cells[$i]) { Format-Paragraph "$($head[$i]): $($cells[$i])" '    ' '      ' } } }
            ''
            continue
        }
        $head = $null
        if ($line -match '^(#+) (.*)') {
            & $flush
            $title = & $words $Matches[2]
            switch ($Matches[1].Length) { 1 { $title } 2 { $title.ToUpperInvariant() } default { $title; '-' * $title.Length } }
            continue
        }
        if (-not $line.Trim()) { & $flush; ''; continue }
        if ($line -match '^(- |\d+\. )') { & $flush }
        $paragraph.Add($line.Trim())
    }
    $output = @($output) + @(& $flush)
    (($output -join "`n") -replace '\n{3,}', "`n`n").TrimEnd() + "`n"
}

if (-not $PSCmdlet.ShouldProcess($PageDestination, 'Update help')) { return }
$null = New-Item -ItemType Directory $Destination, $PageDestination -Force
$comments = Get-Comment
# Get-Command knows dynamic parameters, which the module itself does not list.
$models = @(Get-Command -Module $module.Name -CommandType Cmdlet | Sort-Object Name | ForEach-Object { Get-CommandModel $_ $comments })
foreach ($model in $models) { Set-Content (Join-Path $PageDestination "$($model.Name).md") (ConvertTo-Page $model) -NoNewline }
Set-Content (Join-Path $Destination "$($module.Name).dll-Help.xml") (ConvertTo-Maml $models) -NoNewline
foreach ($about in Get-ChildItem $Path -Filter about_*.md) {
    Set-Content (Join-Path $Destination "$($about.BaseName).help.txt") (ConvertTo-About (Get-Content $about)) -NoNewline
}
