using System.Management.Automation;
using System.Reflection;
using NanoBanana.PowerShell.Commands;
using NanoBanana.Requests;

namespace NanoBanana.PowerShell.Tests.Shipped;

public sealed class OptionParameterTests
{
    [Fact]
    public void Every_option_of_a_request_is_a_parameter_but_store_which_the_connection_has()
    {
        string[] parameters = [.. typeof(InvokeNbEditCommand).GetProperties()
            .Where(property => property.GetCustomAttribute<ParameterAttribute>() is not null)
            .Select(property => property.Name)];
        Assert.Equal(["Store"],
            RequestOptionTable.All.Select(option => option.Parameter).Where(name => !parameters.Contains(name)));
    }
}
