using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using LoRA.MLNet.Encoders;

namespace LoRA.MLNet.Checkpoints;

/// <summary>Writes an encoder without a head as a folder that transformers' AutoModel, sentence-transformers and this library read.</summary>
internal static class EncoderFolder
{
    public const string ConfigFile = "config.json";

    private const string Modules = """
        [
          { "idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer" },
          { "idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling" }
        ]

        """;

    /// <summary>Writes the files; config.json, which makes the folder a model, is the last.</summary>
    /// <param name="folder">Created where it does not exist.</param>
    /// <param name="encoder">The architecture.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="tokenizerFiles">tokenizer.json, or a family's own files.</param>
    /// <param name="pooling">How sentence vectors are made.</param>
    /// <param name="storage">How weights are stored.</param>
    public static void Save(
        string folder,
        Encoders.Encoder encoder,
        IReadOnlyDictionary<string, WeightTensor> weights,
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> tokenizerFiles,
        Pooling pooling,
        WeightStorage storage)
    {
        Directory.CreateDirectory(folder);
        SafetensorsFile.Write(
            Path.Combine(folder, "model.safetensors"),
            weights.ToDictionary(entry => entry.Key, entry => Store(entry.Key, entry.Value, storage), StringComparer.Ordinal));
        foreach (var (name, bytes) in tokenizerFiles)
        {
            AtomicFile.Write(Path.Combine(folder, name), bytes);
        }

        SavePooling(folder, pooling, encoder.HiddenSize);
        AtomicFile.Write(Path.Combine(folder, ConfigFile), Encoding.UTF8.GetBytes(encoder.Config.ToString()));
    }

    private static void SavePooling(string folder, Pooling pooling, int hiddenSize)
    {
        if (pooling != Pooling.Family)
        {
            var path = Path.Combine(folder, PoolingConfig.FileName);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, PoolingConfig.Write(pooling, hiddenSize));
            AtomicFile.Write(Path.Combine(folder, "modules.json"), Encoding.UTF8.GetBytes(Modules));
        }
    }

    private static WeightTensor Store(string name, WeightTensor weight, WeightStorage storage) => storage switch
    {
        WeightStorage.Float32 => ToSingle(weight),
        WeightStorage.Float16 => ToHalf(weight),
        WeightStorage.Int8 => weight.Shape.Length == 2 ? Int8Storage.Quantize(name, weight) : ToSingle(weight),
        _ => throw new ArgumentOutOfRangeException(nameof(storage), storage, $"Expected one of {string.Join(", ", Enum.GetNames<WeightStorage>())}."),
    };

    private static WeightTensor ToSingle(WeightTensor weight) =>
        weight.Type == ElementType.Float32 ? weight : WeightTensor.FromFloats(weight.ToFloats(), weight.Shape.AsSpan());

    private static WeightTensor ToHalf(WeightTensor weight)
    {
        if (weight.Type == ElementType.Float16)
        {
            return weight;
        }

        var halves = new Half[weight.Count];
        TensorPrimitives.ConvertToHalf(weight.ToFloats(), halves);
        return new WeightTensor(ElementType.Float16, weight.Shape, MemoryMarshal.AsBytes(halves.AsSpan()).ToArray());
    }
}
