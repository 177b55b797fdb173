using System.Text.Json;

namespace LoRA.MLNet.Benchmarks;

/// <summary>Results, each as one line of JSON.</summary>
internal sealed class JsonLines(TextWriter writer)
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A result from its line.</summary>
    public static TResult Read<TResult>(string line) => JsonSerializer.Deserialize<TResult>(line, s_options)!;

    public void Write<TResult>(TResult result)
    {
        writer.WriteLine(JsonSerializer.Serialize(result, s_options));
        writer.Flush();
    }
}
