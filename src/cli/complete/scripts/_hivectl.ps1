# Completion of hivectl for PowerShell. The words come from hivectl itself, so this file does not grow stale.
Register-ArgumentCompleter -Native -CommandName hivectl -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $line = $commandAst.Extent.Text
    $line = $line.Substring(0, [Math]::Min($cursorPosition, $line.Length))
    if ($wordToComplete -eq '') { $line = "$line " }
    hivectl __complete powershell $line 2>$null | Select-Object -Skip 1 | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
