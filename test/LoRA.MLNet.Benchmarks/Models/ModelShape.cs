using LoRA.MLNet.Encoders;

namespace LoRA.MLNet.Benchmarks.Models;

/// <summary>The sizes of an encoder, named for the command line.</summary>
internal sealed record ModelShape(
    string Name, string Family, int Layers, int Hidden, int Heads, int Intermediate, int Vocabulary, int Positions)
{
    public static IReadOnlyList<ModelShape> All { get; } =
    [
        new("base", "roberta", 12, 768, 12, 3072, 50265, 514),
        new("small", "bert", 4, 256, 4, 1024, 30522, 512),
        new("minilm", "bert", 6, 384, 12, 1536, 30522, 512),
        new("mini", "bert", 4, 384, 12, 1536, 30522, 512),
        new("tiny", "bert", 2, 64, 2, 128, 30522, 160),
    ];

    /// <exception cref="ArgumentException">There is no such shape.</exception>
    public static ModelShape Named(string name) => All.FirstOrDefault(shape => shape.Name == name)
        ?? throw new ArgumentException($"--shape must be one of {string.Join(", ", All.Select(shape => shape.Name))}, found \"{name}\".");

    public Encoder ToEncoder() => EncoderFamilies.Create(EncoderConfig.Parse(System.Text.Encoding.UTF8.GetBytes($$"""
        {
          "model_type": "{{Family}}", "num_hidden_layers": {{Layers}}, "hidden_size": {{Hidden}}, "num_attention_heads": {{Heads}},
          "intermediate_size": {{Intermediate}}, "vocab_size": {{Vocabulary}}, "max_position_embeddings": {{Positions}},
          "type_vocab_size": {{(Family == "roberta" ? 1 : 2)}}, "layer_norm_eps": 1e-5
        }
        """), $"shape {Name}"));
}
