using System.Management.Automation;
using System.Security;

namespace NanoBanana.PowerShell.Inputs;

/// <summary>Lets a secret be given as a SecureString, a string, or a credential whose password it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => ToSecret(inputData);

    /// <summary>The secret in what somebody gave; the thing itself when it is none of the three.</summary>
    public static object ToSecret(object inputData)
    {
        object? value = PSValue.Unwrapped(inputData);
        return value switch
        {
            string text => Secure(text),
            PSCredential credential => credential.Password,
            SecureString secret => secret,
            _ => inputData,
        };
    }

    private static SecureString Secure(string text)
    {
        var secret = new SecureString();
        foreach (char c in text) secret.AppendChar(c);
        secret.MakeReadOnly();
        return secret;
    }
}
