using NanoBanana.Models;
using NanoBanana.Requests;

namespace NanoBanana.Tests.Requests;

/// <summary>Hashes that the first version wrote: pictures on disk are known by them, and would be bought
/// again.</summary>
public sealed class RequestHashTests
{
    private static readonly RequestBuilder Builder =
        new(ModelCatalog.BuiltIn, PromptComposer.BuiltIn, TimeProvider.System);

    public static TheoryData<string, ImageRequest> OfTheFirstVersion => new()
    {
        { "2d7736fcdc41bcc444ab36af218daabb1d9f50f1cf0b3c98304baa46cc3e0bca", Fox },
        {
            "efbced004f566c7b1d52664ec2a635b70c623e31678751c3e4aff1abe66d2e6e",
            Fox with
            {
                Model = "nb2", Size = "2k", AspectRatio = "16:9", ThinkingLevel = "HIGH", IncludeThoughts = true,
                Grounding = ["Image", "web"], SystemInstruction = "Draw in ink.",
                SafetyThreshold = ["BLOCK_ONLY_HIGH", "HARASSMENT=OFF"], ImageOnly = true, Seed = 7,
            }
        },
        {
            "82fb6fff4d08cffc3e24671f2f10b8696ed7d25129cb79744e98964d2d5f8d7e",
            Fox with { Model = "draft", Size = "1K" }
        },
        {
            "217a8543fcc59816699ddd61e599b29d16d41dd332331af62792c3beac866f1a",
            Fox with { Model = "nb-pro", Grounding = ["web"] }
        },
        { "68d985c340c987210f3c4c586030e85dbfcf646df6d181de6838fdcd59d4285a", Fox with { Grounding = ["image"] } },
        {
            "bfc2db248e00ec1cc467c7624dadc6a52abbeb4e8932e7ee587f20628b427edc",
            Fox with
            {
                Model = "some-model", Size = "9K", AspectRatio = "7:5", ThinkingLevel = "Hot", Grounding = ["web"],
            }
        },
        {
            "2f99ace0bf1868db5575a36d25a25906106d1b56863b808e4a05c1f25f741e1f",
            Fox with { Seed = 0, SystemInstruction = "  " }
        },
    };

    private static ImageRequest Fox => new() { Prompt = "a fox" };

    [Theory]
    [MemberData(nameof(OfTheFirstVersion))]
    public void A_request_of_the_first_version_keeps_its_hash(string hash, ImageRequest request) =>
        Assert.Equal(hash, Builder.Build(request).RequestHash);
}
