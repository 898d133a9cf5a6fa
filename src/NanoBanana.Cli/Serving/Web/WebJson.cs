using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>The source-generated JSON serialization of the server's own values.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(WebClient.Entry[]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class WebJson : JsonSerializerContext;
