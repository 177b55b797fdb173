namespace LoRA.MLNet;

/// <summary>How an encoder's weights are stored in a folder. Whatever it is, computations choose their own precision.</summary>
public enum WeightStorage
{
    /// <summary>32 bits.</summary>
    Float32,

    /// <summary>16 bits.</summary>
    Float16,

    /// <summary>
    /// Matrices in 8 bits with a scale for every row, round(w / s) with s = max|w| / 127; vectors in 32 bits. A quarter of the space, and a
    /// format of this library's own: transformers does not load such a folder, but it does what is fine-tuned from it and exported.
    /// </summary>
    Int8,
}
