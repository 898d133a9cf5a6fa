using NanoBanana.Generation;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Tests.Batches;

internal sealed record PreparedImage(byte[] Bytes)
{
    public static async Task<PreparedImage> MakeAsync(ImageService service, string prompt)
    {
        PreparedRequest request = service.Prepare(new ImageRequest { Prompt = prompt });
        return new PreparedImage((await service.SendAsync(request, BlobSink.Memory))[0].GetBytes());
    }
}
