using System.Net;
using System.Text.Json.Nodes;
using NanoBanana.Emulator.Drawing;

namespace NanoBanana.Emulator.Tests;

/// <summary>One answer, read completely.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, HttpResponseMessage Message)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public JsonNode Candidate => Json["candidates"]![0]!;

    /// <summary>The model's turn, detached, ready to be sent back.</summary>
    public JsonNode Turn => Candidate["content"]!.DeepClone();

    public JsonArray Parts => Candidate["content"]!["parts"]!.AsArray();

    public string ErrorMessage => Json["error"]!["message"]!.GetValue<string>();

    public string ErrorStatus => Json["error"]!["status"]!.GetValue<string>();

    /// <summary>The pictures that are no thoughts.</summary>
    public IReadOnlyList<byte[]> Images =>
    [
        .. Parts.Where(part => part!["thought"] is null && part["inlineData"] is not null)
            .Select(part => Convert.FromBase64String(part!["inlineData"]!["data"]!.GetValue<string>())),
    ];

    public byte[] Image => Images.Single();

    public EmulatorPicture Picture => EmulatorPicture.TryRead(Image)!;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(), response);

    /// <summary>Width and height as the PNG or JPEG header says.</summary>
    public static (int Width, int Height) Size(byte[] image)
    {
        if (image[0] == 0x89) return ((image[18] << 8) | image[19], (image[22] << 8) | image[23]);
        int offset = 2;
        while (image[offset + 1] != 0xC0) offset += 2 + ((image[offset + 2] << 8) | image[offset + 3]);
        return ((image[offset + 7] << 8) | image[offset + 8], (image[offset + 5] << 8) | image[offset + 6]);
    }
}
