using System.Management.Automation;

namespace NanoBanana.PowerShell;

/// <summary>The question before a command that could cost more than is usual. It is asked once, and only where somebody
/// can answer; -Force, -Confirm:$false and -MaxCost answer it.</summary>
/// <param name="cmdlet">Asks.</param>
/// <param name="connection">Says from which cost on; null where nothing will be sent.</param>
/// <param name="isAnswered">Whether the command line says that the cost is all right.</param>
internal sealed class CostQuestion(PSCmdlet cmdlet, NbConnection? connection, bool isAnswered)
{
    private bool? _answer;

    /// <summary>Whether something may be sent after which the command could have cost that much.</summary>
    /// <param name="most">USD at most.</param>
    public bool Allows(decimal most)
    {
        if (_answer is { } known) return known;
        if (connection is null or { IsOffline: true } || most <= connection.ConfirmCost || most == 0) return true;
        if (isAnswered || Preferences.Confirms(cmdlet)) return true;
        _answer = Confirmation.Ask(cmdlet,
            $"This could cost up to {Readable.Money(most)}, more than {Readable.Money(connection.ConfirmCost)} (Connect-NbService -ConfirmCost).\nGo on?",
            "Cost") ?? true;
        return _answer.Value;
    }
}
