using System.Text.Json;
using LoRA.MLNet.Benchmarks;

namespace LoRA.MLNet.Tests.Benchmarks;

/// <summary>Every verb of the benchmark runner, in its quickest form.</summary>
[TestClass]
public sealed class BenchmarkVerbTests
{
    private static readonly string[] s_speedFields =
    [
        "what", "shape", "rows", "batch", "precision", "tokens", "padded", "seconds", "tokens_per_s", "rows_per_s", "gflops", "peak_fp32", "peak_bf16",
        "of_fp32_peak", "rss_mb",
    ];

    [TestMethod]
    [DataRow("train", "train")]
    [DataRow("train --precision bf16 --method full", "train")]
    [DataRow("train --method frozen --no-sort --no-packing --no-fast-fp32 --no-fast-dropout --no-keep-memory --no-cache --no-round --without-dropout", "train")]
    [DataRow("score", "score")]
    [DataRow("score --precision int8 --no-sort", "score")]
    [DataRow("score --merged --threads 1", "score-merged")]
    [DataRow("single", "single")]
    [DataRow("multi --requests 2", "multi")]
    [DataRow("tokenize --threads 2", "tokenize")]
    public void Prints_a_speed(string line, string what)
    {
        var result = Run(line)[0];
        foreach (var field in s_speedFields)
        {
            Assert.IsTrue(result.TryGetProperty(field, out _), $"{line} prints no {field}: {result}");
        }

        Assert.AreEqual(what, result.GetProperty("what").GetString());
        Assert.AreEqual("tiny", result.GetProperty("shape").GetString());
        Assert.IsGreaterThan(0, result.GetProperty("seconds").GetDouble());
        Assert.IsGreaterThanOrEqualTo(result.GetProperty("tokens").GetInt64(), result.GetProperty("padded").GetInt64());
    }

    [TestMethod]
    [DataRow("memory")]
    [DataRow("memory --of load")]
    [DataRow("memory --of adapters")]
    public void Prints_memory(string line)
    {
        var result = Run(line)[0];
        Assert.IsGreaterThan(0, result.GetProperty("model_mb").GetDouble());
        Assert.IsGreaterThan(0, result.GetProperty("peak_mb").GetDouble());
    }

    [TestMethod]
    public void Prints_the_first_prediction_of_a_fresh_process()
    {
        var result = Run("load --clock cpu")[0];
        Assert.AreEqual("load", result.GetProperty("what").GetString());
        foreach (var field in new[] { "load_ms", "engine_ms", "first_ms", "second_ms", "total_ms", "file_mb" })
        {
            Assert.IsGreaterThan(0, result.GetProperty(field).GetDouble(), field);
        }
    }

    [TestMethod]
    public void Compares_merged_with_plain_weights() => Assert.IsGreaterThan(0, Run("score --merged --threads 1")[0].GetProperty("of_plain").GetDouble());

    [TestMethod]
    public void Prints_every_micro_benchmark()
    {
        var names = Run("micro").Select(result => result.GetProperty("name").GetString()).ToArray();
        CollectionAssert.AreEquivalent(
            new[] { "TokenizerMicro.Encode", "DataViewMicro.Source", "DataViewMicro.Scored", "MergeMicro.Merge" }, names);
    }

    [TestMethod]
    public void Prints_a_quality()
    {
        using var folder = new TemporaryFolder();
        var rows = Enumerable.Range(0, 24).Select(row => row % 2 == 0 ? $"what a good day {row}\tgood" : $"this is a bad film {row}\tbad").ToArray();
        File.WriteAllLines(folder["train.tsv"], ["text\tlabel", .. rows]);
        File.WriteAllLines(folder["test.tsv"], ["text\tlabel", .. rows]);
        var results = Run($"quality --model mini --data {folder.Path} --per-class 4,8 --baseline");
        Assert.HasCount(8, results);
        foreach (var field in new[] { "model", "data", "accuracy", "macro_f1", "train", "test", "classes", "seed", "seconds" })
        {
            Assert.IsTrue(results[0].TryGetProperty(field, out _), $"no {field}: {results[0]}");
        }

        Assert.AreEqual(8, results[0].GetProperty("train").GetInt32());
        Assert.AreEqual(16, results[2].GetProperty("train").GetInt32());
        Assert.AreEqual(results[0].GetProperty("accuracy").GetDouble(), results[4].GetProperty("accuracy").GetDouble());
    }

    [TestMethod]
    public void Reads_lengths_from_a_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder["lengths.txt"];
        File.WriteAllLines(file, ["5", "7"]);
        Assert.AreEqual(72, Run($"score --lengths {file}")[0].GetProperty("tokens").GetInt64());
    }

    [TestMethod]
    [DataRow("train --shape huge", "--shape")]
    [DataRow("train --precision int8", "--precision")]
    [DataRow("train --epoch 3", "--epoch")]
    [DataRow("trian", "VERB")]
    public void Names_a_wrong_option(string line, string expected)
    {
        var error = new StringWriter();
        Assert.AreEqual(2, BenchmarkVerbs.Run([.. line.Split(' '), "--quick"], TextWriter.Null, error));
        StringAssert.Contains(error.ToString(), expected);
    }

    private static JsonElement[] Run(string line)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.AreEqual(0, BenchmarkVerbs.Run([.. line.Split(' '), "--quick"], output, error), error.ToString());
        return [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => JsonDocument.Parse(text).RootElement)];
    }
}
