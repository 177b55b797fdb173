using System.Security.Cryptography;
using System.Text;

namespace LoRA.MLNet.Checkpoints;

/// <summary>What identifies the weights of an encoder, whichever files they came from.</summary>
internal static class WeightHash
{
    /// <summary>
    /// SHA-256, in lower-case hexadecimal digits, over every tensor that a file of the weights holds, in the order of its key: the UTF-8 line
    /// "KEY DTYPE SIZE,SIZE\n" with safetensors' name of the type, then the tensor's bytes.
    /// </summary>
    public static string Sha256(IEnumerable<string> keys, IReadOnlyDictionary<string, WeightTensor> weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var stored = Int8Storage.Split(keys.Select(key => KeyValuePair.Create(key, weights[key])));
        foreach (var (key, weight) in stored.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{key} {SafetensorsTypes.Name(weight.Type)} {string.Join(',', weight.Shape)}\n"));
            hash.AppendData(weight.Data.Span);
            GC.KeepAlive(weight);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
