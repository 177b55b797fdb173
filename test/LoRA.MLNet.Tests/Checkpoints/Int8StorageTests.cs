using System.Text;
using LoRA.MLNet.Checkpoints;
using LoRA.MLNet.Tests.Distillation;

namespace LoRA.MLNet.Tests.Checkpoints;

[TestClass]
public sealed class Int8StorageTests
{
    private const string Matrix = """
        "m.weight":{"dtype":"I8","shape":[2,3],"data_offsets":[0,6]}
        """;

    public static IEnumerable<object[]> HostileScales =>
    [
        ["one scale too few", Header("F32", "[1,1]", 4), Floats(1)],
        ["one scale too many", Header("F32", "[3,1]", 12), Floats(1, 1, 1)],
        ["a vector", Header("F32", "[2]", 8), Floats(1, 1)],
        ["a row rather than a column", Header("F32", "[1,2]", 8), Floats(1, 1)],
        ["integers", Header("I32", "[2,1]", 8), Floats(1, 1)],
        ["not a number", Header("F32", "[2,1]", 8), Floats(1, float.NaN)],
        ["infinite", Header("F32", "[2,1]", 8), Floats(float.PositiveInfinity, 1)],
        ["zero", Header("F32", "[2,1]", 8), Floats(0, 1)],
        ["negative", Header("F32", "[2,1]", 8), Floats(1, -1)],
    ];

    [TestMethod]
    public void Every_weight_is_within_half_a_step_of_what_it_was()
    {
        var weight = TinyBert.Random(3, 37, 101);
        var stored = Read(Write(new() { ["m"] = Int8Storage.Quantize("m", weight) }))["m"];
        Assert.AreEqual((ElementType.Int8, 37), (stored.Type, stored.RowScales.Length));
        var (before, after) = (weight.ToFloats(), stored.ToFloats());
        for (var i = 0; i < before.Length; i++)
        {
            var scale = stored.RowScales[i / 101];
            Assert.AreEqual(before[i], after[i], (scale / 2) + 1e-7f);
            Assert.AreEqual(before.Skip(i / 101 * 101).Take(101).Max(Math.Abs) / 127, scale, 1e-9f);
        }
    }

    [TestMethod]
    public void The_file_holds_integers_and_scales_and_what_is_written_again_is_the_same()
    {
        var zeros = WeightTensor.FromFloats(new float[6], 2, 3);
        var file = Write(new()
        {
            ["a.weight"] = Int8Storage.Quantize("a.weight", WeightTensor.FromFloats([127, -2, 0.4f, 0.5f, 1, -0.25f], 2, 3)),
            ["b.weight"] = Int8Storage.Quantize("b.weight", zeros),
            ["c.bias"] = Int8Storage.Quantize("c.bias", WeightTensor.FromFloats([1, 2], 2)),
        });
        var read = Read(file);
        CollectionAssert.AreEquivalent(new[] { "a.weight", "b.weight", "c.bias" }, read.Keys.ToArray());
        CollectionAssert.AreEqual(new sbyte[] { 127, -2, 0, 64, 127, -32 }, Array.ConvertAll(read["a.weight"].Data.ToArray(), value => (sbyte)value));
        CollectionAssert.AreEqual(new float[6], read["b.weight"].ToFloats());
        CollectionAssert.AreEqual(file, Write(read));
        StringAssert.Contains(Encoding.UTF8.GetString(file), "\"a.weight_scale\":{\"dtype\":\"F32\",\"shape\":[2,1]");
    }

    [TestMethod]
    [DynamicData(nameof(HostileScales))]
    public void Hostile_scales_are_refused_by_name(string problem, string header, byte[] scales)
    {
        var error = Assert.ThrowsExactly<CheckpointFormatException>(() => Read(File(header, [1, 2, 3, 4, 5, 6, .. scales])), problem);
        StringAssert.Contains(error.Message, "'m.weight_scale'");
    }

    [TestMethod]
    public void Scales_of_a_weight_that_is_not_in_8_bits_are_refused()
    {
        var tensors = new Dictionary<string, WeightTensor> { ["m"] = TinyBert.Random(1, 2, 3), ["m_scale"] = WeightTensor.FromFloats([1, 1], 2, 1) };
        StringAssert.Contains(Assert.ThrowsExactly<CheckpointFormatException>(() => Read(Write(tensors))).Message, "'m' is Float32 [2, 3]");
    }

    [TestMethod]
    public void Scales_in_16_bits_are_read()
    {
        var header = Header("BF16", "[2,1]", 4);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 8, 10, 12 }, Read(File(header, [1, 2, 3, 4, 5, 6, 0x80, 0x3f, 0, 0x40]))["m.weight"].ToFloats());
    }

    [TestMethod]
    public void An_encoder_without_the_scales_of_a_matrix_is_refused_and_so_are_scales_without_a_matrix()
    {
        const string Key = "bert.embeddings.word_embeddings.weight";
        var tiny = TinyBert.Create();
        var stored = Int8Storage.Quantize(Key, tiny.Weights[Key]);
        tiny.Weights[Key] = new WeightTensor(ElementType.Int8, stored.Shape, stored.Data);
        StringAssert.Contains(Assert.ThrowsExactly<CheckpointFormatException>(() => tiny.Load()).Message, $"'{Key}_scale'");

        tiny = TinyBert.Create();
        tiny.Weights["left.over_scale"] = WeightTensor.FromFloats([1], 1, 1);
        CollectionAssert.AreEqual(new[] { "left.over_scale" }, tiny.Load().LoadReport.Unexpected.ToArray());
    }

    [TestMethod]
    public void Weights_that_are_not_finite_are_not_stored()
    {
        foreach (var value in (float[])[float.NaN, float.NegativeInfinity])
        {
            var weight = WeightTensor.FromFloats([1, 2, 3, value], 2, 2);
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Int8Storage.Quantize("m", weight)).Message, "Row 1 of 'm'");
        }
    }

    [TestMethod]
    public void A_folder_in_8_bits_takes_a_byte_a_number_and_has_a_hash_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var encoder = TinyTeacher.Create();
        var lengths = Enum.GetValues<WeightStorage>().ToDictionary(storage => storage, storage =>
        {
            encoder.Save(folder[storage.ToString()], storage);
            return (double)new FileInfo(Path.Combine(folder[storage.ToString()], "model.safetensors")).Length;
        });
        var read = PretrainedEncoder.FromFolder(folder["Int8"]);
        Assert.IsLessThan(lengths[WeightStorage.Float16], lengths[WeightStorage.Int8]);
        foreach (var (key, weight) in read.Weights)
        {
            Assert.AreEqual(weight.Count * (weight.Shape.Length == 2 ? 1 : 4), weight.Data.Length, key);
        }

        Assert.IsEmpty(read.LoadReport.Unexpected);
        Assert.AreEqual(encoder.ParameterCount, read.ParameterCount);
        Assert.AreEqual(encoder.Pooling, read.Pooling);
        Assert.AreNotEqual(encoder.Sha256, read.Sha256);
        Assert.AreEqual(encoder.Sha256, PretrainedEncoder.FromFolder(folder["Float32"]).Sha256);
        CollectionAssert.AreEqual(encoder.Tokenizer.Encode("ba do").Ids.ToArray(), read.Tokenizer.Encode("ba do").Ids.ToArray());

        read.Save(folder["again"], WeightStorage.Int8);
        Assert.AreEqual(read.Sha256, PretrainedEncoder.FromFolder(folder["again"]).Sha256);
    }

    [TestMethod]
    public void Saving_asks_for_a_storage_that_exists()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyTeacher.Create().Save(folder.Path, (WeightStorage)7));
    }

    private static string Header(string type, string shape, int bytes) => "{" + Matrix + ",\"m.weight_scale\":{\"dtype\":\"" + type
        + $"\",\"shape\":{shape},\"data_offsets\":[6,{6 + bytes}]" + "}}";

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] File(string header, byte[] data) =>
        [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. data];

    private static byte[] Write(Dictionary<string, WeightTensor> tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors);
        return stream.ToArray();
    }

    private static Dictionary<string, WeightTensor> Read(byte[] file) => SafetensorsFile.Read(file, "memory").ToDictionary();
}
