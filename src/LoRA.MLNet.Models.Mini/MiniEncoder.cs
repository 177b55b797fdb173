using LoRA.MLNet.Encoders;

namespace LoRA.MLNet;

/// <summary>Adds the embedded encoder to <see cref="PretrainedEncoder"/>.</summary>
public static class MiniEncoder
{
    private static readonly Lazy<PretrainedEncoder> s_mini = new(Load);

    extension(PretrainedEncoder)
    {
        /// <summary>
        /// Mini: a small uncased English BERT of width 384, distilled from all-MiniLM-L6-v2 and embedded in the package LoRA.MLNet.Models.Mini.
        /// Loaded when first asked for, once a process; its card says how large it is and how it was made.
        /// </summary>
        public static PretrainedEncoder Mini => s_mini.Value;
    }

    private static PretrainedEncoder Load()
    {
        var parts = PretrainedParts.FromMemory(
            "Mini",
            EmbeddedFile.Read("config.json"),
            EmbeddedFile.Read("model.safetensors"),
            EmbeddedFile.Read("tokenizer.json"),
            Pooling.Mean);

        // takes as long as all the rest, so it is read beside it
        var tokenizer = Task.Run(parts.Tokenizer);
        return new(parts with { Tokenizer = () => tokenizer.GetAwaiter().GetResult() });
    }
}
