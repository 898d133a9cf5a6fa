using System.Collections.Immutable;
using NanoBanana.Batches.Ledgers;
using NanoBanana.Conversations;
using NanoBanana.Images;
using NanoBanana.Pictures;
using NanoBanana.Storage;

namespace NanoBanana.Batches.Plans;

/// <summary>Pictures that were complete when their process was killed before the rest of their answer arrived. They are
/// in <c>.nb/tmp</c>, with the request in their file name.</summary>
internal static class ArrivedPart
{
    // File times are coarser than the system's clock, and some lag behind.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>The beginning of the file names of one request.</summary>
    public static string NameOf(string item, string requestHash, bool isRehearsal) =>
        $"{ShortHash(item)}-{ShortHash(requestHash + (isRehearsal ? " rehearsal" : ""))}-";

    /// <summary>A hash shortened for file names.</summary>
    public static string ShortHash(string text) => Blob.HashOf(text)[..16];

    /// <summary>The complete pictures of a request, in the order they arrived.</summary>
    public static ImmutableArray<NbImage> Find(BlobStore store, BatchNode node, LedgerEvent submitted,
        bool isRehearsal)
    {
        if (submitted.RequestHash is not { } requestHash || !Directory.Exists(store.TemporaryFolder)) return [];
        string name = NameOf(node.Name, requestHash, isRehearsal);
        ImmutableArray<NbImage> results = FindNamed(BlobSink.ArrivedPrefix + name);
        // The part had not ended, so the picture may be a draft, unless no thoughts were asked for.
        return results.IsEmpty && node.Request.IncludeThoughts is not true
            ? FindNamed(BlobSink.ArrivingPrefix + name) : results;

        ImmutableArray<NbImage> FindNamed(string prefix) =>
        [.. Directory.GetFiles(store.TemporaryFolder, prefix + "*")
            .Where(path => File.GetLastWriteTimeUtc(path) >= submitted.At.UtcDateTime - Tolerance)
            .OrderBy(File.GetLastWriteTimeUtc).ThenBy(path => path, StringComparer.Ordinal)
            .Select(path => Read(path, node, submitted)).OfType<NbImage>()];
    }

    private static NbImage? Read(string path, BatchNode node, LedgerEvent submitted)
    {
        try
        {
            Blob data = Blob.FromFile(path);
            if (!PictureEnd.IsReached(data, isShortened: false)) return null;
            // Never before it was sent: by that, a run that is killed while it saves this one finds it again.
            var written = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
            bool isAsAsked = node.Source is not null || node.Prepared.RequestHash == submitted.RequestHash;
            return NbImage.Foreign(data, path) with
            {
                Path = null,
                Provenance = new Provenance
                {
                    Prompt = isAsAsked ? node.Request.Prompt : null,
                    Model = submitted.Model,
                    RequestHash = submitted.RequestHash,
                    IsRehearsal = submitted.IsRehearsal,
                    CreatedAt = written < submitted.At ? submitted.At : written,
                },
                Warnings = ["The run was ended while its answer arrived: the picture is whole, what the model said and "
                    + "signed is lost. Its cost is an estimate, and an edit of it begins a new conversation."],
            };
        }
        catch (Exception e) when (e is NbException || Disk.IsRefusal(e))
        {
            // A damaged file does not count.
            return null;
        }
    }
}
